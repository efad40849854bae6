package io.gatehouse.module.proxy;

import io.gatehouse.wire.tls.TlsContext;
import io.gatehouse.wire.tls.TlsSettingsException;
import java.util.Map;
import java.util.WeakHashMap;

/** The contexts of TLS towards applications, one for all places that say the same. Outlives configurations. */
final class TlsContexts {
    private final Map<TlsRecipe, TlsContext> made = new WeakHashMap<>();

    synchronized TlsContext of(TlsRecipe recipe) throws TlsSettingsException {
        TlsContext context = made.get(recipe);
        if (context == null) {
            context = recipe.make();
            made.put(recipe, context);
        }
        return context;
    }
}
