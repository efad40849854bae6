package io.gatehouse.phase;

import io.gatehouse.exchange.ClientConnection;
import io.gatehouse.exchange.Conductor;
import io.gatehouse.exchange.DebugLines;
import io.gatehouse.exchange.Exchange;
import io.gatehouse.exchange.FieldName;
import io.gatehouse.exchange.FilePaths;
import io.gatehouse.exchange.Handler;
import io.gatehouse.exchange.Location;
import io.gatehouse.exchange.Outcome;
import io.gatehouse.exchange.Timeline;
import io.gatehouse.observe.log.Level;
import io.gatehouse.route.MatchLimitException;
import io.gatehouse.text.UriText;
import io.gatehouse.wire.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Leads an exchange through its phases, in nginx's order: post-read, the server's rewrite, the search for a location, the
 * location's rewrite (and the search again, if that changed the URI), pre-access, access, pre-content, content, log. Keeps
 * nothing itself: one object serves all loops.
 */
public final class Pipeline implements Conductor {
    private static final int POST_READ = 0;
    private static final int SERVER_REWRITE = 1;
    private static final int FIND_LOCATION = 2;
    private static final int REWRITE = 3;
    private static final int PREACCESS = 4;
    private static final int ACCESS = 5;
    private static final int PRECONTENT = 6;
    private static final int CONTENT = 7;
    private static final int OVER = 8;

    private static final Handler[] LOST = {Pipeline::lost};

    private final ErrorAnswers errors = new ErrorAnswers();

    /** Begins with an exchange whose head was read and whose server is known. */
    public void begin(Exchange x) {
        x.timeline.mark(Timeline.Instant.HEADERS_READ, x.loop.nanos());
        if (DebugLines.wanted(x)) {
            DebugLines.request(x);
        }
        ClientConnection.Gate gate = x.client.gate;
        if (gate != null) {
            int refused = gate.refuse(x);
            if (refused != 0) {
                refuse(x, refused);
                return;
            }
        }
        // a server without realip and rewrite needs no look at its first phases
        x.phase = x.server.postRead().length == 0 ? SERVER_REWRITE : POST_READ;
        proceed(x);
    }

    /** As an internal redirect does: without the post-read phase. */
    @Override
    public void beginSubrequest(Exchange x) {
        x.internal = true;
        x.phase = SERVER_REWRITE;
        x.step = 0;
        proceed(x);
    }

    /** Answers an exchange whose head could not be understood. */
    public void refuse(Exchange x, int status) {
        resume(x, Outcome.status(status));
    }

    @Override
    public void resume(Exchange x, Outcome outcome) {
        if (outcome.kind == Outcome.Kind.NEXT || outcome.kind == Outcome.Kind.GRANTED) {
            if (x.phase == ACCESS && !accessGoesOn(x, outcome)) {
                return;
            }
            proceed(x);
            return;
        }
        if (apply(x, outcome)) {
            proceed(x);
        }
    }

    @Override
    public void finished(Exchange x) {
        x.phase = OVER;
        if (DebugLines.wanted(x)) {
            DebugLines.add(x, "http close request");
        }
        if (x.parent != null && !x.location.core.logSubrequest()) {
            return;
        }
        for (Handler handler : x.location.log) {
            handler.handle(x);
        }
    }

    private void proceed(Exchange x) {
        try {
            while (x.phase < OVER && !x.isDone()) {
                if (!turn(x)) {
                    return;
                }
            }
        } catch (MatchLimitException e) {
            resume(x, Outcome.status(500));
        } catch (RuntimeException | StackOverflowError defect) {
            x.log(Level.ALERT, "internal error: " + Defects.describe(defect));
            if (x.isHeadSent()) {
                x.abort();
            } else {
                x.response.clear();
                resume(x, Outcome.status(500));
            }
        }
    }

    /** One handler or one change of phase. Returns whether to go on. */
    private boolean turn(Exchange x) {
        if (x.phase == FIND_LOCATION) {
            Outcome answer = findLocation(x);
            if (answer != null) {
                return apply(x, answer);
            }
            x.phase = REWRITE;
            x.step = 0;
            return true;
        }
        Handler[] handlers = handlers(x);
        if (x.step >= handlers.length) {
            return nextPhase(x);
        }
        Outcome outcome = handlers[x.step++].handle(x);
        return switch (outcome.kind) {
            case NEXT, GRANTED -> x.phase != ACCESS || accessGoesOn(x, outcome);
            case WAITING, DONE -> false;
            default -> apply(x, outcome);
        };
    }

    private static Handler[] handlers(Exchange x) {
        return switch (x.phase) {
            case POST_READ -> x.server.postRead();
            case SERVER_REWRITE -> x.server.rewrite();
            case REWRITE -> x.location.rewrite;
            case PREACCESS -> x.location.preaccess;
            case ACCESS -> x.location.access;
            case PRECONTENT -> x.location.precontent;
            default -> x.contentIsLost ? LOST : x.location.content;
        };
    }

    private static Outcome lost(Exchange x) {
        x.log(Level.ALERT, "no upstream configuration");
        return Outcome.status(500);
    }

    private boolean nextPhase(Exchange x) {
        if (x.phase == ACCESS && x.accessStatus != 0) {
            int status = x.accessStatus;
            x.accessStatus = 0;
            if (status == 401) {
                return unauthorized(x);
            }
            x.log(Level.ERROR, "access forbidden by rule");
            return end(x, status);
        }
        if (x.phase == CONTENT) {
            return apply(x, nobodyAnswers(x));
        }
        x.phase++;
        x.step = 0;
        if (x.phase == ACCESS && (x.isSubrequest() || x.location.access.length == 0)) {
            x.phase = PRECONTENT;
        }
        return true;
    }

    /** Whether the access phase continues after a handler let the client pass. */
    private static boolean accessGoesOn(Exchange x, Outcome outcome) {
        if (outcome.kind == Outcome.Kind.GRANTED && x.location.core.satisfyAny()) {
            x.accessStatus = 0;
            x.response.headers.remove(FieldName.WWW_AUTHENTICATE);
            x.phase = PRECONTENT;
            x.step = 0;
        }
        return true;
    }

    private static Outcome nobodyAnswers(Exchange x) {
        if (x.uri.endsWith("/")) {
            String folder = FilePaths.of(x, x.uri);
            if (folder != null) {
                x.log(Level.ERROR, "directory index of \"" + folder + "\" is forbidden");
            }
            return Outcome.status(403);
        }
        return Outcome.status(404);
    }

    private @Nullable Outcome findLocation(Exchange x) {
        x.contentIsLost = false;
        x.location = x.server.level();
        Outcome answer = x.server.locations().find(x);
        Location found = x.location;
        if (DebugLines.wanted(x)) {
            DebugLines.location(x);
        }
        if (found.core.internal() && !x.internal) {
            return Outcome.status(404);
        }
        long limit = found.core.clientMaxBodySize();
        if (x.parent == null && limit > 0 && x.body.length() > limit && !x.body.isStarted()) {
            x.log(Level.ERROR, "client intended to send too large body: " + x.body.length() + " bytes");
            x.body.discard();
            return Outcome.status(413);
        }
        if (answer != null && answer.status == 301) {
            String target = UriText.escape(found.name, UriText.Part.URI);
            x.response.headers.set(FieldName.LOCATION, x.args.isEmpty() ? target : target + "?" + x.args);
        }
        return answer;
    }

    /** Carries out an outcome that is not simply the next handler. Returns whether the pipeline goes on. */
    private boolean apply(Exchange x, Outcome outcome) {
        if (x.isDone()) {
            return false;
        }
        return switch (outcome.kind) {
            case RELOCATE -> relocate(x);
            case URI -> redirect(x, outcome);
            case NAMED -> named(x, outcome);
            case STATUS -> answer(x, outcome.status);
            default -> false;
        };
    }

    private boolean relocate(Exchange x) {
        // What a server rewrites has no location yet, and cannot go round in circles.
        if (x.phase != SERVER_REWRITE && --x.uriChanges == 0) {
            x.log(Level.ERROR, "rewrite or internal redirection cycle while processing \"" + x.uri + "\"");
            return answer(x, 500);
        }
        x.phase = FIND_LOCATION;
        x.step = 0;
        return true;
    }

    private boolean redirect(Exchange x, Outcome outcome) {
        String target = outcome.target == null ? "" : outcome.target;
        if (--x.uriChanges == 0) {
            x.log(
                    Level.ERROR,
                    "rewrite or internal redirection cycle while internally redirecting to \"" + target + "\"");
            return answer(x, 500);
        }
        x.uri = target;
        x.args = outcome.arguments == null ? "" : outcome.arguments;
        if (DebugLines.wanted(x)) {
            DebugLines.add(x, "internal redirect: \"" + x.uri + "?" + x.args + "\"");
        }
        x.uriIsUnparsed = false;
        x.uriLeftLocation = false;
        x.internal = true;
        x.accessStatus = 0;
        x.attachments.clear();
        x.location = x.server.level();
        x.phase = SERVER_REWRITE;
        x.step = 0;
        return true;
    }

    private boolean named(Exchange x, Outcome outcome) {
        String target = outcome.target == null ? "" : outcome.target;
        if (--x.uriChanges == 0) {
            x.log(
                    Level.ERROR,
                    "rewrite or internal redirection cycle while redirect to named location \"" + target + "\"");
            return answer(x, 500);
        }
        Location location = x.server.named().get(target);
        if (location == null) {
            x.log(Level.ERROR, "could not find named location \"" + target + "\"");
            return answer(x, 500);
        }
        x.internal = true;
        x.accessStatus = 0;
        x.attachments.clear();
        x.contentIsLost = false;
        x.location = location;
        if (DebugLines.wanted(x)) {
            DebugLines.add(x, "using location: " + target + " \"" + x.uri + "?" + x.args + "\"");
        }
        x.phase = REWRITE;
        x.step = 0;
        return true;
    }

    private boolean answer(Exchange x, int status) {
        if (x.phase == ACCESS) {
            if (x.location.core.satisfyAny() && (status == 401 || status == 403)) {
                if (x.accessStatus != 401) {
                    x.accessStatus = status;
                }
                return true;
            }
            if (status == 401) {
                return unauthorized(x);
            }
        }
        return end(x, status);
    }

    /** Answers 401, not before {@code auth_delay} is over. */
    private boolean unauthorized(Exchange x) {
        long delay = x.location.core.authDelay();
        if (delay == 0) {
            return end(x, 401);
        }
        x.log(Level.INFO, "delaying unauthorized request");
        Deadline deadline = x.loop.deadline(() -> {
            if (!x.isDone() && end(x, 401)) {
                proceed(x);
            }
        });
        deadline.in(delay);
        x.whenDone(deadline::clear);
        return false;
    }

    private boolean end(Exchange x, int status) {
        x.phase = OVER;
        if (DebugLines.wanted(x)) {
            DebugLines.add(x, "http special response: " + status + ", \"" + x.uri + "?" + x.args + "\"");
        }
        Outcome elsewhere = errors.answer(x, status);
        return elsewhere != null && apply(x, elsewhere);
    }
}
