package io.tidemark.bench.compare;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The network between workers and Redis. It can hold back what a connection writes, and deliver it later, also when the
 * worker that wrote it is long dead; or lose it.
 */
final class FaultProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final List<byte[]> writes;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile boolean holding;

    /** @param writes what a request that writes counts has in it */
    FaultProxy(int target, List<String> writes) throws IOException {
        this.target = target;
        this.writes =
                writes.stream().map(w -> w.getBytes(StandardCharsets.US_ASCII)).toList();
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** From now on writes are held back. */
    void hold() {
        holding = true;
    }

    /** What is held back stays so; new writes pass. */
    void letOthersPass() {
        holding = false;
    }

    boolean holdsSomething() {
        return links.stream().anyMatch(link -> link.held != null);
    }

    /** What was held back arrives. */
    void release() throws IOException {
        holding = false;
        for (Link link : links) {
            link.release();
        }
    }

    /** What was held back is lost. */
    void lose() throws IOException {
        holding = false;
        for (Link link : links) {
            if (link.held != null) {
                link.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Link link : links) {
            link.close();
        }
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            try {
                Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), target));
                links.add(link);
                start(link::forth);
                start(link::back);
            } catch (IOException noRedis) {
                client.close();
            }
        }
    }

    private interface Pump {
        void run() throws IOException;
    }

    private static void start(Pump pump) {
        Thread thread = new Thread(() -> {
            try {
                pump.run();
            } catch (IOException closed) {
                // one end is gone: so is the link
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private boolean writes(byte[] buffer, int length) {
        String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        return writes.stream().anyMatch(w -> text.contains(new String(w, StandardCharsets.ISO_8859_1)));
    }

    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile ByteArrayOutputStream held;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void forth() throws IOException {
            byte[] buffer = new byte[1 << 16];
            InputStream in = client.getInputStream();
            try {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    pass(buffer, n);
                }
            } finally {
                if (held == null) {
                    close();
                }
            }
        }

        private synchronized void pass(byte[] buffer, int length) throws IOException {
            if (held == null && holding && writes(buffer, length)) {
                held = new ByteArrayOutputStream();
            }
            if (held != null) {
                held.write(buffer, 0, length);
            } else {
                server.getOutputStream().write(buffer, 0, length);
            }
        }

        void back() throws IOException {
            byte[] buffer = new byte[1 << 16];
            InputStream in = server.getInputStream();
            boolean heard = true;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                try {
                    if (heard) {
                        client.getOutputStream().write(buffer, 0, n);
                    }
                } catch (IOException dead) {
                    heard = false;
                }
            }
            close();
        }

        synchronized void release() throws IOException {
            if (held != null) {
                server.getOutputStream().write(held.toByteArray());
                held = null;
            }
        }

        void close() throws IOException {
            client.close();
            server.close();
            links.remove(this);
        }
    }
}
