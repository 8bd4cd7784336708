package io.tidemark.trident;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.EventLog;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The real servers, but that commits go wrong: before the store took them, after it took them, and because somebody
 * else was faster. Which one, a seed decides.
 */
record FaultyPorts(Ports ports, String faults) implements Ports {
    private static final long serialVersionUID = 1L;

    private static final Map<String, Faults> FAULTS = new ConcurrentHashMap<>();

    /** What goes wrong how often, and what did. */
    static final class Faults {
        private final Random random;

        /** Each fault comes as often as it should in every ten commits. */
        private final ArrayDeque<Integer> deck = new ArrayDeque<>();

        private final Runnable rival;
        private volatile boolean over;
        int before;
        int after;
        int foreign;
        int outOfStep;

        /** @param rival commits something foreign */
        Faults(String name, long seed, Runnable rival) {
            this.random = new Random(seed);
            this.rival = rival;
            FAULTS.put(name, this);
        }

        /** Nothing goes wrong any more. */
        void end() {
            over = true;
        }

        synchronized CommitResult commit(Store store, Tally tally) {
            if (deck.isEmpty()) {
                List<Integer> ten = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
                Collections.shuffle(ten, random);
                deck.addAll(ten);
            }
            int fault = over ? 9 : deck.removeFirst();
            if (fault < 2) {
                before++;
                throw new StoreUnavailableException("a fault before the commit", null);
            }
            if (fault < 4) {
                foreign++;
                rival.run();
            }
            CommitResult result = store.commit(tally);
            if (result instanceof CommitResult.OutOfStep) {
                outOfStep++;
            }
            if (fault == 4 || fault == 5) {
                after++;
                throw new StoreUnavailableException("a fault after the commit", null);
            }
            return result;
        }
    }

    @Override
    public Store store(StreamConfig config, String writer) {
        return new FaultyStore(ports.store(config, writer), FAULTS.get(faults));
    }

    @Override
    public EventLog log(StreamConfig config) {
        return ports.log(config);
    }

    @Override
    public EventLog watch(StreamConfig config) {
        return ports.watch(config);
    }

    private static final class FaultyStore extends ForwardingStore {
        private final Store store;
        private final Faults faults;

        FaultyStore(Store store, Faults faults) {
            super(store);
            this.store = store;
            this.faults = faults;
        }

        @Override
        public CommitResult commit(Tally tally) {
            return faults.commit(store, tally);
        }
    }
}
