package io.tidemark.app.service;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Chooses ports on the loopback address. A port that was given must be free; a default that is taken is replaced by
 * the next free one, and said.
 */
public final class Ports {
    private final Set<Integer> chosen = new HashSet<>();
    private final Consumer<String> say;

    /** @param say is told of each default that was replaced */
    public Ports(Consumer<String> say) {
        this.say = say;
    }

    /**
     * @param option the option's name, for messages: {@code --kafka-port}
     * @param given what was given, or null; 0 means any free one
     * @throws CommandFailedException when the given port is taken
     */
    public int choose(String option, Integer given, int defaultPort) {
        if (given != null) {
            return given(option, given);
        }
        for (int port = defaultPort; port < Math.min(defaultPort + 1000, 65536); port++) {
            if (isFree(port) && chosen.add(port)) {
                if (port != defaultPort) {
                    say.accept("Port " + defaultPort + " is taken; using " + port + " instead (" + option + ").");
                }
                return port;
            }
        }
        throw new CommandFailedException(
                ExitCodes.REFUSED, "no free port from " + defaultPort + " on. Give one with " + option + " PORT.");
    }

    private int given(String option, int port) {
        if (port == 0) {
            int free = anyFree();
            chosen.add(free);
            return free;
        }
        if (port < 0 || port > 65535) {
            throw new CommandFailedException(
                    ExitCodes.USAGE,
                    option + " " + port + ": a port is a number from 1 to 65535, or 0 for any free one.");
        }
        if (!chosen.add(port)) {
            throw new CommandFailedException(
                    ExitCodes.USAGE, option + " " + port + ": two options name the same port.");
        }
        if (!isFree(port)) {
            throw new CommandFailedException(
                    ExitCodes.REFUSED,
                    option + " " + port + ": something else listens on that port of this machine. Stop it, or give "
                            + "another port with " + option + ", or leave the option out.");
        }
        return port;
    }

    /** A port that is free now and was not given out before. */
    public int anyFree() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (!chosen.contains(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new UncheckedIOException("no free port on the loopback address", e);
            }
        }
    }

    /** Whether nothing listens there. Binding alone does not tell on every system: so connecting is tried as well. */
    static boolean isFree(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return false;
        } catch (IOException nobodyAnswers) {
            return canBind(port);
        }
    }

    private static boolean canBind(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
