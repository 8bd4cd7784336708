package io.tidemark.sim;

import static io.tidemark.sim.Fault.Kind.*;

import java.util.List;

/**
 * The guards on the way from Kafka to Redis, each with the edit that takes it out. The simulator must notice within the
 * given number of schedules; where it cannot, it is said who does.
 */
final class Mutants {
    private Mutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("compare-first: the mark is the tally's first offset", 100)
                        .store("stand.get(r.partition()) == r.first());", "stand.get(r.partition()) < r.end());"),
                Mutant.of("compare-all: for every partition of the tally", 500)
                        .store(
                                "boolean atFirst = ranges.stream().allMatch(",
                                "boolean atFirst = ranges.stream().limit(1).allMatch("),
                Mutant.of("coverage: a tally has what its plan says", 200)
                        .survives(
                                "a tally says itself what it covers: part of a plan is a right commit too, and one with a"
                                        + " hole the store refuses")
                        .under(MESSAGES_MIXED, BATCH_TIMED_OUT, COMMIT_LOST)
                        .trident("TallyState", "!covers.equals(planned)", "covers.equals(null)"),
                Mutant.of("fingerprint, in planning and in the commit", 1_000)
                        .under(ZOMBIE_OF_AN_OLD_CONFIGURATION, REDIS_EMPTY)
                        .core("plan/StreamChecks", "!marks.fingerprint().equals(config.fingerprint())", "false")
                        .store("!plan.fingerprint().equals(config.fingerprint())", "false")
                        .store("plan.fingerprint().equals(fields.get(\"fingerprint\"))", "true"),
                Mutant.of("topic id, in planning, after reading and in the commit", 1_000)
                        .under(TOPIC_CREATED_ANEW)
                        .core("plan/StreamChecks", "!marks.topicId().equals(log.topicId())", "false")
                        .trident("KafkaLog", "!id.equals(plan.topicId())", "false")
                        .store("plan.topicId().equals(fields.get(\"topic-id\"))", "true"),
                Mutant.of("topic id after reading", 1_000)
                        .under(TOPIC_CREATED_ANEW)
                        .trident("KafkaLog", "!id.equals(plan.topicId())", "false"),
                Mutant.of("init: marks are not made where counts are left over", 1_000)
                        .under(REDIS_MARKS_LOST)
                        .store("if (leftOver) {", "if (leftOver && main != null) {"),
                Mutant.of("one-write: counts and marks change together", 200)
                        .store(
                                "redis.keys().putAll(changed);",
                                "Value mark = changed.remove(keys.main()); redis.keys().putAll(changed);"
                                        + " if (version % 7 == 5) throw new StoreUnavailableException(\"torn\", null);"
                                        + " redis.keys().put(keys.main(), mark);"),
                Mutant.of("replan: after a refusal planning goes by the marks", 100)
                        .core(
                                "plan/InFlight",
                                "        restart(marks.storeId(), marks.next());\n        return base;",
                                "        if (!storeId.equals(marks.storeId())) restart(marks.storeId(), marks.next());\n"
                                        + "        return end();"),
                Mutant.of("all marks are read at each plan", 500)
                        .core(
                                "plan/Coordinator",
                                "Optional<Marks> found = store.marks();",
                                "Optional<Marks> found = kept != null && inFlight.supersede(transaction, Optional.empty())"
                                        + ".isEmpty() ? kept : store.marks(); kept = found;")
                        .core(
                                "plan/Coordinator",
                                "    private Plan last;",
                                "    private Plan last; private Optional<Marks> kept;"),
                Mutant.of("a replay is halved", 3_000)
                        .under(KAFKA_CRAWLS)
                        .core("plan/Planner", "range.first() + Math.max(1, range.length() / 2)", "range.end()"),
                Mutant.of("a replay ends at the log's end", 200)
                        .survives("halving gets there as well, a few attempts later")
                        .under(LOG_TRUNCATED, BATCH_TIMED_OUT, COMMIT_LOST)
                        .core("plan/Planner", "Math.min(half, ends.getOrDefault(range.partition(), 0L))", "half"),
                Mutant.of("failed twice alone: those before it are not believed in", 3_000)
                        .under(REDIS_OLDER, SUCCESS_LOST, MESSAGE_LOST, BATCH_TIMED_OUT, COMMIT_LATE)
                        .core("plan/InFlight", "if (again && had.again()) {", "if (again && had == null) {"),
                Mutant.of("a plan makes those behind it be planned anew", 200)
                        .survives(
                                "it only saves batches: a chain that does not end right before is begun anew from the marks")
                        .core(
                                "plan/InFlight",
                                "entries.tailMap(transaction, true).clear();",
                                "entries.remove(transaction);"),
                Mutant.of("checks of a stream at rest", 1_000)
                        .under(TOPIC_CREATED_ANEW, TIME_PASSES)
                        .core("plan/Lookout", "checks.checkLog(marks.get(), view);", ""),
                Mutant.of("marks that stand still are planned for", 200)
                        .survives("a batch that is planned, or its time-out, comes first; it saves a wait")
                        .under(REDIS_OLDER, SUCCESS_LOST, MESSAGE_LOST, COMMIT_LOST, ZOMBIE)
                        .core("plan/Readiness", "isEmpty() || stuck", "isEmpty()"),
                Mutant.of("a transaction that was planned before is ready", 200)
                        .survives("the time-out comes first; it saves a wait")
                        .under(REDIS_OLDER, SUCCESS_LOST, MESSAGE_LOST, COMMIT_LOST, BATCH_TIMED_OUT)
                        .core("plan/Readiness", "|| transaction <= plannedTransaction", ""),
                Mutant.of("refusals of plans and reads are told", 1_000)
                        .under(REDIS_MARKS_LOST, LOG_TRUNCATED)
                        .trident("SpoutCoordinator", "            signals.refused(e.refusal());\n", "")
                        .trident("SpoutEmitter", "            signals.refused(e.refusal());\n", ""),
                Mutant.of("refusals are told to the watcher in another worker", 3_000)
                        .under(REDIS_MARKS_LOST, LOG_TRUNCATED, RETENTION_TOO_SHORT)
                        .trident("StreamSignals", "        tellOthers(refusal);\n", ""),
                Mutant.of("leader epoch: a log cut below the mark is noticed", 3_000)
                        .under(LOG_TRUNCATED)
                        .core("plan/Coordinator", "epochs.put(entry.getKey(), epoch);", ""),
                Mutant.of("leader epoch: a tally is added to counts of its own log only", 5_000)
                        .under(LOG_TRUNCATED, LEADER_CHANGED, COMMIT_LATE)
                        .store("number(epoch) != before", "number(epoch) < 0"),
                Mutant.of("leader epoch: parts of two logs are noticed", 200)
                        .survives("a reader compares epochs before it reads on; TallyTest notices")
                        .under(LOG_TRUNCATED, LEADER_CHANGED, COMMIT_LATE)
                        .core("plan/Epochs", "those.end == before", "those != null"),
                Mutant.of("leader epoch: what follows with another one is compared first", 5_000)
                        .under(LOG_TRUNCATED, LEADER_CHANGED, COMMIT_LATE)
                        .trident("RangeReader", "&& !before.compared()", "&& before == null"),
                Mutant.of("leader epoch of what stands at a range's end, markers included", 3_000)
                        .under(LEADER_CHANGED, TRANSACTION)
                        .trident("RangeCursor", "Math.max(leaderEpoch, epoch)", "leaderEpoch"),
                Mutant.of("end of plan: a range is read to its end", 200)
                        .trident(
                                "RangeReader",
                                "consumer.position(partition, ANSWER) >= cursor.range().end()",
                                "consumer.position(partition, ANSWER) > cursor.range().first()"),
                Mutant.of("record inside its range", 500)
                        .trident("RangeCursor", "if (offset >= range.end()) {", "if (offset > range.end()) {"),
                Mutant.of("record inside its range, in reader and chunk", 500)
                        .trident("RangeCursor", "if (offset >= range.end()) {", "if (offset > range.end()) {")
                        .core("plan/Chunk", "offsets[i] <= before || offsets[i] >= covers.end()", "false"),
                Mutant.of("empty chunk for a range without records", 500)
                        .trident("RangeCursor", "if (chunkFirst < range.end()) {", "if (size > 0) {"),
                Mutant.of("position is forgotten after an exception", 200)
                        .survives("the consumer is asked where it stands as well")
                        .under(KAFKA_SLOW, KAFKA_AWAY, KAFKA_CRAWLS, BATCH_TIMED_OUT)
                        .trident(
                                "RangeReader",
                                "            if (!whole) {",
                                "            if (!whole && placed == null) {")
                        .trident("KafkaLog", "            reader.forget();\n", ""),
                Mutant.of("position is compared, and what was reached is good for one plan", 200)
                        .survives("after an exception it is forgotten")
                        .under(KAFKA_SLOW, KAFKA_AWAY, KAFKA_CRAWLS, BATCH_TIMED_OUT)
                        .trident("RangeReader", "equals(reached.remove(partition))", "equals(reached.get(partition))")
                        .trident("RangeReader", "} else if (position != first) {", "} else if (position < 0) {"),
                Mutant.of("position is forgotten after an exception, or compared", 1_000)
                        .under(KAFKA_SLOW, KAFKA_AWAY, KAFKA_CRAWLS, BATCH_TIMED_OUT)
                        .trident("RangeReader", "equals(reached.remove(partition))", "equals(reached.get(partition))")
                        .trident("RangeReader", "} else if (position != first) {", "} else if (position < 0) {")
                        .trident(
                                "RangeReader",
                                "            if (!whole) {",
                                "            if (!whole && placed == null) {")
                        .trident("KafkaLog", "            reader.forget();\n", ""),
                Mutant.of("surplus of a poll is only for the plan that goes on from there", 500)
                        .trident("RangeReader", "from == first && position == consumerPosition", "first >= 0"),
                Mutant.of("parts that overlap are noticed", 3_000)
                        .under(MESSAGES_MIXED)
                        .core("tally/Tally", "throw new OverlapException(last, next);", "continue;"),
                Mutant.of("tallies of two plans are noticed", 200)
                        .survives(
                                "coverage notices: equal ranges of one topic count the same, whatever else the plans say")
                        .under(MESSAGES_MIXED, BATCH_TIMED_OUT, COMMIT_LOST)
                        .core("tally/Tally", "!each.plan().equals(plan)", "each.plan() == null"),
                Mutant.of("a read that failed fails the batch", 3_000)
                        .trident("SpoutEmitter", "        collector.emit(new Values(new ReadFailure(why)));\n", ""),
                Mutant.of("a commit out of step fails the batch", 200)
                        .survives("the next plan begins at the marks whether the batch failed or not")
                        .trident(
                                "TallyState",
                                "result instanceof CommitResult.OutOfStep outOfStep",
                                "result instanceof CommitResult.OutOfStep outOfStep && config == null"),
                Mutant.of("an answer that did not come fails the batch", 200)
                        .survives("the same: no plan believes in a commit that the marks do not show")
                        .trident(
                                "TallyState",
                                "pause.accept(BREATH.toNanos());\n            throw new FailedException(e);",
                                "pause.accept(BREATH.toNanos());"),
                Mutant.of("buckets by as-of, not by the clock", 200)
                        .store("Math.min(asOf, redis.now())", "redis.now()"),
                Mutant.of("additions to buckets that are gone are left out", 200)
                        .survives(
                                "readers take such a bucket for gone all the same; the contract suite notices the memory")
                        .store("!key.isTotal() && clock > goneAt(key.end(), key.size())", "key == null"),
                Mutant.of("store id: a commit is of this set of counts", 200)
                        .survives("marks and topic id decide alone: what continues them is right, whoever planned it")
                        .store("shard.storeId(plan.storeId()).equals(fields.get(\"store\"))", "true"),
                Mutant.of("a stream that was started over is not begun again by its own start", 3_000)
                        .under(STREAM_RESET)
                        .core(
                                "plan/Coordinator",
                                "startedOver.orElse(running.get().storeId())",
                                "Optional.of(running.get().storeId()).orElse(\"\")"),
                Mutant.of("who did not hear that the stream was started over begins nothing", 5_000)
                        .under(STREAM_RESET, REDIS_EMPTY)
                        .store("!health.startedOverAs().orElse(storeId).equals(storeId)", "storeId.isEmpty()"),
                Mutant.of("shards: each stands at a boundary of what is in flight", 1_000)
                        .ofTwoShards()
                        .under(SHARD_OLDER, SUCCESS_LOST, QUIET_PARTITIONS, COMMIT_LOST)
                        .core(
                                "plan/InFlight",
                                "!same(of(shard, one), own) && !same(of(shard, other), own)",
                                "own == null"),
                Mutant.of("shards: each says its own starts", 5_000)
                        .ofTwoShards()
                        .under(RETENTION_TOO_SHORT, RETENTION, REDIS_EMPTY, ZOOKEEPER_LOST, SHARD_OLDER)
                        .core(
                                "commit/JoinedMarks",
                                "partition -> start.put(partition, each.start().get(partition))",
                                "partition -> start.putIfAbsent(partition, each.start().get(partition))"),
                Mutant.of("shards: each has a set of counts of its own", 1_000)
                        .ofTwoShards()
                        .under(REDIS_EMPTY, ZOOKEEPER_LOST, SHARD_OLDER)
                        .core(
                                "stream/Shard",
                                "each.length == 1 ? names : each[number]",
                                "each.length == 0 ? each[number] : names"),
                Mutant.of("shards: of one that is gone only its own start has to be there still", 2_000)
                        .ofTwoShards()
                        .under(SHARD_EMPTY, RETENTION)
                        .core(
                                "plan/Coordinator",
                                "if (remains.isPresent()) {",
                                "if (remains.isPresent() && remains.isEmpty()) {"),
                Mutant.of("a store that was emptied is begun again by its own start", 200)
                        .survives("where the log still begins where it did, its first offset is the same start")
                        .core(
                                "plan/Coordinator",
                                "if (running.isPresent()\n",
                                "if (running.isPresent() && running.isEmpty()\n"));
    }
}
