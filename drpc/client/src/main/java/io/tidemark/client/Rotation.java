package io.tidemark.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * In which order several servers are tried: the one that answered last, the other live ones, then those that failed. A
 * server that failed is left alone for a time that doubles with each failure and differs by chance, so that callers do
 * not come back at the same moment; when all have failed, all are tried. Thread-safe.
 */
final class Rotation {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final List<Slot> slots;
    private final AtomicInteger preferred = new AtomicInteger();

    private static final class Slot {
        private final Server server;
        private int failures;
        private long restsUntil;

        Slot(Server server) {
            this.server = server;
        }
    }

    Rotation(List<Server> servers) {
        slots = servers.stream().map(Slot::new).toList();
    }

    List<Server> servers() {
        return slots.stream().map(slot -> slot.server).toList();
    }

    /** All servers, in the order to try them. */
    List<Server> order() {
        long now = System.nanoTime();
        List<Server> rested = new ArrayList<>();
        List<Server> resting = new ArrayList<>();
        int first = preferred.get();
        IntStream.range(0, slots.size())
                .mapToObj(i -> slots.get((first + i) % slots.size()))
                .forEach(slot -> {
                    synchronized (slot) {
                        (slot.failures > 0 && slot.restsUntil - now > 0 ? resting : rested).add(slot.server);
                    }
                });
        rested.addAll(resting);
        return rested;
    }

    void answered(Server server) {
        int index = indexOf(server);
        preferred.set(index);
        Slot slot = slots.get(index);
        synchronized (slot) {
            slot.failures = 0;
        }
    }

    void failed(Server server) {
        Slot slot = slots.get(indexOf(server));
        synchronized (slot) {
            long rest = Math.min(LONGEST.toNanos(), SHORTEST.toNanos() << Math.min(20, slot.failures));
            slot.failures++;
            slot.restsUntil = System.nanoTime() + ThreadLocalRandom.current().nextLong(rest / 2, rest + 1);
        }
    }

    private int indexOf(Server server) {
        return IntStream.range(0, slots.size())
                .filter(i -> slots.get(i).server == server)
                .findFirst()
                .orElseThrow();
    }
}
