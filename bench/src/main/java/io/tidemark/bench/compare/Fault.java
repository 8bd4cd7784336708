package io.tidemark.bench.compare;

import java.util.List;
import java.util.Map;

/**
 * A fault, and the schedule that brings it about.
 *
 * @param name what happens, in words
 * @param partitions of the topic
 * @param variant of the stock topology
 * @param schedule sends events and breaks things; at its end a worker is at work
 */
record Fault(String name, int partitions, String variant, Schedule schedule) {
    /** What is done, in order. */
    interface Schedule {
        void run(Trial trial) throws Exception;
    }

    static List<Fault> all() {
        return List.of(
                new Fault("none", 4, "plain", Fault::none),
                new Fault("worker killed between planning a batch and writing it", 4, "plain", Fault::killed),
                new Fault(
                        "worker killed likewise; the first of 2 partitions had nothing in that batch",
                        2,
                        "plain",
                        Fault::killedWithAnEmptyPartition),
                new Fault(
                        "worker killed likewise; the batch ended with a transaction's marker",
                        1,
                        "plain",
                        Fault::killedAtATransactionsEnd),
                new Fault("a dead worker's write arrives late", 1, "plain", Fault::lateWrite),
                new Fault("Redis out of memory for 3 s", 1, "plain", Fault::outOfMemory),
                new Fault(
                        "Redis out of memory for 3 s; stock with its errors made FailedException",
                        1,
                        "failed",
                        Fault::outOfMemory),
                new Fault(
                        "likewise; the first of 2 partitions had nothing in that batch",
                        2,
                        "failed",
                        Fault::outOfMemoryWithAnEmptyPartition),
                new Fault(
                        "likewise; the batch ended with a transaction's marker",
                        1,
                        "failed",
                        Fault::outOfMemoryAtATransactionsEnd),
                new Fault("Redis stopped for 3 s", 1, "plain", Fault::redisStopped),
                new Fault("Redis back with older counts (a backup)", 1, "plain", Fault::olderRedis),
                new Fault("ZooKeeper's data lost", 1, "plain", Fault::zooKeeperLost),
                new Fault("redeployed; stock under EARLIEST", 1, "earliest", Fault::redeployed),
                new Fault("redeployed; stock with Storm's own Count", 1, "count", Fault::redeployed),
                new Fault("two workers at once for 15 s", 2, "plain", Fault::twoWorkers));
    }

    private static void none(Trial trial) throws Exception {
        sendToAll(trial, 4, 10);
        trial.startWorker();
        trial.awaitCounted();
        sendToAll(trial, 4, 5);
    }

    /** Ten events in each partition, planned as one batch; the network loses the write and then the worker dies. */
    private static void killed(Trial trial) throws Exception {
        sendToAll(trial, 4, 10);
        trial.network().hold();
        Worker worker = trial.startWorker();
        replaceWhileItWrites(trial, worker);
    }

    private static void killedWithAnEmptyPartition(Trial trial) throws Exception {
        sendToAll(trial, 2, 5);
        Worker worker = trial.startWorker();
        trial.awaitCounted();
        trial.network().hold();
        trial.send(1, 1);
        replaceWhileItWrites(trial, worker);
    }

    private static void killedAtATransactionsEnd(Trial trial) throws Exception {
        trial.send(0, 5);
        Worker worker = trial.startWorker();
        trial.awaitCounted();
        trial.network().hold();
        trial.sendInTransaction(0, 5);
        trial.awaitHeldWrite();
        trial.sendInTransaction(0, 5);
        replaceWhileItWrites(trial, worker);
    }

    private static void replaceWhileItWrites(Trial trial, Worker worker) throws Exception {
        trial.awaitHeldWrite();
        worker.kill();
        trial.network().lose();
        trial.startWorker();
    }

    /** The write of a worker that has been replaced is on its way while its successor counts on. */
    private static void lateWrite(Trial trial) throws Exception {
        trial.send(0, 10);
        Worker worker = trial.startWorker();
        trial.awaitCounted();
        trial.network().hold();
        trial.send(0, 3);
        trial.awaitHeldWrite();
        worker.kill();
        FaultProxy network = trial.network();
        network.letOthersPass();
        Map<String, Long> before = trial.counts();
        trial.startWorker();
        trial.send(0, 4);
        trial.awaitMoreCounted(before);
        network.release();
        Thread.sleep(1_000);
    }

    private static void outOfMemory(Trial trial) throws Exception {
        trial.send(0, 10);
        trial.startWorker();
        trial.awaitCounted();
        trial.redisIsFull(true);
        trial.send(0, 5);
        Thread.sleep(3_000);
        trial.redisIsFull(false);
    }

    private static void outOfMemoryWithAnEmptyPartition(Trial trial) throws Exception {
        sendToAll(trial, 2, 5);
        trial.startWorker();
        trial.awaitCounted();
        trial.redisIsFull(true);
        trial.send(1, 1);
        Thread.sleep(3_000);
        trial.redisIsFull(false);
    }

    private static void outOfMemoryAtATransactionsEnd(Trial trial) throws Exception {
        trial.send(0, 5);
        trial.startWorker();
        trial.awaitCounted();
        trial.redisIsFull(true);
        trial.sendInTransaction(0, 5);
        Thread.sleep(1_000);
        trial.sendInTransaction(0, 5);
        Thread.sleep(2_000);
        trial.redisIsFull(false);
    }

    private static void redisStopped(Trial trial) throws Exception {
        trial.send(0, 10);
        trial.startWorker();
        trial.awaitCounted();
        trial.redisServer().stop();
        trial.send(0, 5);
        Thread.sleep(3_000);
        trial.redisServer().start();
    }

    private static void olderRedis(Trial trial) throws Exception {
        trial.send(0, 10);
        Worker worker = trial.startWorker();
        trial.awaitCounted();
        trial.rememberRedis();
        trial.send(0, 5);
        trial.awaitCounted();
        worker.kill();
        trial.restoreRedis();
        trial.startWorker();
        trial.send(0, 5);
    }

    private static void zooKeeperLost(Trial trial) throws Exception {
        trial.send(0, 10);
        Worker worker = trial.startWorker();
        trial.awaitCounted();
        trial.send(0, 5);
        trial.awaitCounted();
        worker.kill();
        trial.zooKeeper().lose();
        trial.startWorker();
        trial.send(0, 5);
    }

    private static void redeployed(Trial trial) throws Exception {
        trial.send(0, 10);
        Worker worker = trial.startWorker();
        trial.awaitCounted();
        worker.kill();
        trial.startWorker();
        trial.send(0, 4);
    }

    /** A worker that was believed dead goes on beside its replacement. */
    private static void twoWorkers(Trial trial) throws Exception {
        sendToAll(trial, 2, 10);
        Worker worker = trial.startWorker();
        trial.awaitCounted();
        Worker replacement = trial.startWorker();
        while (!replacement.isReady()) {
            Thread.sleep(100);
        }
        for (int i = 0; i < 150; i++) {
            trial.send(i % 2, 1);
            Thread.sleep(90);
        }
        worker.kill();
    }

    private static void sendToAll(Trial trial, int partitions, int events) {
        for (int p = 0; p < partitions; p++) {
            trial.send(p, events);
        }
    }
}
