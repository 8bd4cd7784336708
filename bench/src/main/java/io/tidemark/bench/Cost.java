package io.tidemark.bench;

import java.util.Locale;

/**
 * What a drain took.
 *
 * @param perSecond records
 * @param contender CPU nanoseconds a record of the program that counts
 * @param broker the same of the broker
 * @param redis the same of Redis
 */
record Cost(double perSecond, double contender, double broker, double redis) {
    private static final String MARK = "RESULT ";

    /** Measures from when it is made. */
    static final class Meter {
        private final ProcessHandle broker = process(Long.getLong("bench.broker", 0));
        private final ProcessHandle redis;
        private final long began = System.nanoTime();
        private final Cpu before = Cpu.now();
        private final long brokerBefore;
        private final long redisBefore;

        /** @param redisProcess its id, or 0 */
        Meter(long redisProcess) {
            redis = process(redisProcess);
            brokerBefore = cpu(broker);
            redisBefore = cpu(redis);
        }

        /** What it took to get here, which is printed too, by thread. */
        Cost stop(long records) {
            long end = System.nanoTime();
            Cpu used = Cpu.now().since(before);
            System.out.println("CPU nanoseconds a record, by thread:");
            used.lines(records).forEach(System.out::println);
            return new Cost(
                    records / ((end - began) / 1e9),
                    (double) used.process() / records,
                    (double) (cpu(broker) - brokerBefore) / records,
                    (double) (cpu(redis) - redisBefore) / records);
        }

        private static ProcessHandle process(long id) {
            return id == 0 ? null : ProcessHandle.of(id).orElseThrow();
        }

        private static long cpu(ProcessHandle process) {
            return process == null ? 0 : Cpu.of(process);
        }
    }

    /** A line for {@link #isIn} and {@link #read}. */
    String line() {
        return String.format(Locale.ROOT, "%s%f %f %f %f", MARK, perSecond, contender, broker, redis);
    }

    static boolean isIn(String line) {
        return line.startsWith(MARK);
    }

    static Cost read(String line) {
        String[] numbers = line.substring(MARK.length()).split(" ");
        return new Cost(
                Double.parseDouble(numbers[0]),
                Double.parseDouble(numbers[1]),
                Double.parseDouble(numbers[2]),
                Double.parseDouble(numbers[3]));
    }

    double all() {
        return contender + broker + redis;
    }
}
