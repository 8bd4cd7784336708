package io.tidemark.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on a free port of the loopback that can lose what goes through it: questions before the server sees them,
 * or answers after it has acted. It can be led to another server, as an address is moved.
 */
public final class CuttingProxy implements AutoCloseable {
    /** What becomes of the bytes. */
    public enum Mode {
        /** Everything goes through. */
        PASS,
        /** At the next bytes from the client, the connection breaks; the server sees nothing of them. */
        CUT_QUESTIONS,
        /** At the next bytes from the server, the connection breaks; the client sees nothing of them. */
        CUT_ANSWERS,
        /** Bytes from the server are swallowed and the connection stays open. */
        SWALLOW_ANSWERS
    }

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Mode mode = Mode.PASS;
    private volatile int target;

    /** @param target port of the loopback */
    public CuttingProxy(int target) {
        this.target = target;
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    public void become(Mode next) {
        mode = next;
    }

    /** New connections go to another port of the loopback; those that are open stay where they are. */
    public void lead(int port) {
        target = port;
    }

    /** Breaks all connections that are open. */
    public void cut() {
        open.forEach(CuttingProxy::closeQuietly);
        open.clear();
    }

    @Override
    public void close() {
        closeQuietly(listening);
        open.forEach(CuttingProxy::closeQuietly);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(server);
                start(() -> copy(client, server, Mode.CUT_QUESTIONS));
                start(() -> copy(server, client, Mode.CUT_ANSWERS));
            } catch (IOException closedOrRefused) {
                // the client sees its connection end, which is what it would see without a proxy
            }
        }
    }

    private void copy(Socket from, Socket to, Mode cutting) {
        byte[] buffer = new byte[65_536];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (mode == cutting) {
                    break;
                }
                if (mode != Mode.SWALLOW_ANSWERS || cutting != Mode.CUT_ANSWERS) {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException ended) {
            // both ends are closed below
        }
        closeQuietly(from);
        closeQuietly(to);
    }

    private static void start(Runnable doing) {
        Thread thread = new Thread(doing, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable closing) {
        try {
            closing.close();
        } catch (Exception alreadyClosed) {
            // nothing is left to close
        }
    }
}
