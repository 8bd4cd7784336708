package io.tidemark.sim;

import java.util.EnumSet;
import java.util.Set;

/**
 * Something that goes wrong.
 *
 * @param step of the schedule at which it does
 * @param kind what it is
 * @param seed of whatever it chooses at random
 */
record Fault(int step, Kind kind, long seed) {
    /** How it comes: at once, or in the midst of the next call that leaves a task. */
    enum Kind {
        CRASH_OF_A_TASK(6),
        CRASH_OF_A_WORKER(6),
        CRASH_OF_ALL(3),
        REBALANCE(4),
        ZOMBIE(6),
        ZOMBIE_OF_AN_OLD_CONFIGURATION(1),
        SECOND_TOPOLOGY(2),
        MESSAGE_LOST(5),
        MESSAGE_DELAYED(6),
        MESSAGE_DOUBLED(6),
        MESSAGES_OF_A_TASK_DOUBLED(5),
        MESSAGES_MIXED(5),
        MESSAGE_TO_A_ZOMBIE(5),
        SUCCESS_LOST(5),
        BATCH_STATE_EXPIRED(2),
        BATCH_TIMED_OUT(5),
        COMMIT_LOST(5),
        COMMIT_ANSWER_LOST(6),
        COMMIT_LATE(8),
        COMMIT_TWICE(6),
        ZOOKEEPER_LOST(4),
        ZOOKEEPER_OLDER(5),
        REDIS_OLDER(10),
        REDIS_EMPTY(3),
        REDIS_MARKS_LOST(1),
        REDIS_AWAY(3),
        KAFKA_AWAY(3),
        KAFKA_SLOW(5),
        KAFKA_CRAWLS(2),
        TRANSACTION(6),
        PARTITION_ADDED(3),
        RETENTION(3),
        RETENTION_TOO_SHORT(1),
        LEADER_CHANGED(4),
        LOG_TRUNCATED(3),
        TOPIC_CREATED_ANEW(1),
        QUIET_PARTITIONS(4),
        TIME_PASSES(3),
        STREAM_RESET(1),
        SHARD_OLDER(10),
        SHARD_EMPTY(3);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        /** Those that can happen to a stream of so many shards. */
        static Set<Kind> of(int shards) {
            EnumSet<Kind> kinds = EnumSet.allOf(Kind.class);
            if (shards == 1) {
                kinds.removeAll(EnumSet.of(SHARD_OLDER, SHARD_EMPTY));
            }
            return kinds;
        }

        int weight() {
            return weight;
        }
    }
}
