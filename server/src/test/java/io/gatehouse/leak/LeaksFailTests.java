package io.gatehouse.leak;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class when a buffer, or whatever else Netty counts references of, was leaked.
 *
 * <p>Registered for every class by {@code META-INF/services}. What the garbage collector finds late is told after a
 * later class; the record of accesses in the message shows where it was allocated.
 */
public final class LeaksFailTests implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        List<String> leaks = RecordingLeakDetector.leaksSinceLastCall();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leaked:\n"
                    + String.join(
                            "\n",
                            leaks.stream()
                                    .map(LeaksFailTests::withoutTheFramework)
                                    .toList()));
        }
    }

    private static String withoutTheFramework(String records) {
        return records.replaceAll("\t(org\\.junit|java\\.base/|org\\.apache\\.maven)[^\n]*\n", "");
    }
}
