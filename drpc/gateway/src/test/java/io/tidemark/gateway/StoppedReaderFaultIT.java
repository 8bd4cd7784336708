package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.commit.RedisAddress;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * p01: a reader's process stands still while more is told than the gateway's memory holds. The others are told each cut;
 * going on, it is told the newest state and no backlog.
 */
class StoppedReaderFaultIT {
    private static final int HEAP_MEGABYTES = 36;
    private static final int OTHERS = 3;
    private static final int WIKIS = 3_000;

    /** Each changes all wikis, which is a message of a megabyte and a half. */
    private static final int COMMITS = 28;

    @TempDir
    Path folder;

    private int commits;

    private void commit(CountedStream stream) {
        commits++;
        stream.count(IntStream.range(0, WIKIS)
                .mapToObj(i -> CountedStream.edit("SampleBot", true, "w".repeat(490) + i, "Sample page"))
                .toList());
    }

    @Test
    void theGatewaysMemoryHoldsWhileOneStandsStillAndTheOthersAreToldEachCut() throws Exception {
        List<JavaProcess> others = new ArrayList<>();
        try (RedisServer redis = RedisServer.start(folder);
                CountedStream stream = new CountedStream(redis.address());
                JavaProcess gateway = new JavaProcess(
                        HEAP_MEGABYTES,
                        SmallGateway.class,
                        redis.address().uri(),
                        redis.address().passwordFile())) {
            commit(stream);
            await().atMost(LookOn.SOON).until(() -> gateway.lines.stream().anyMatch(line -> line.startsWith("port ")));
            String port = gateway.lines.stream()
                    .filter(line -> line.startsWith("port "))
                    .findFirst()
                    .orElseThrow()
                    .substring("port ".length());
            for (int i = 0; i < OTHERS; i++) {
                others.add(new JavaProcess(HEAP_MEGABYTES, SayingReader.class, port));
            }
            try (JavaProcess stopped = new JavaProcess(HEAP_MEGABYTES, SayingReader.class, port)) {
                others.add(stopped);
                others.forEach(reader -> await().atMost(LookOn.SOON).until(() -> isTold(reader)));
                others.remove(stopped);
                stopped.signal("-STOP");
                int toldBefore = stopped.lines.size();
                long longest = 0;
                for (int i = 0; i < COMMITS; i++) {
                    commit(stream);
                    long began = System.nanoTime();
                    await().atMost(LookOn.SOON)
                            .pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(10))
                            .failFast(() -> assertThat(gateway.isAlive())
                                    .as("the gateway lives; it said %s", gateway.lines)
                                    .isTrue())
                            .until(() -> others.stream().allMatch(this::isTold));
                    longest = Math.max(longest, System.nanoTime() - began);
                }
                System.out.println("StoppedReaderFaultIT: told within " + TimeUnit.NANOSECONDS.toMillis(longest)
                        + " ms at most, " + COMMITS + " times");

                stopped.signal("-CONT");
                await().atMost(LookOn.SOON).until(() -> isTold(stopped));
                assertThat(others)
                        .allSatisfy(reader -> assertThat(reader.lines)
                                .filteredOn(line -> line.contains("full"))
                                .hasSize(1));
                List<String> late = stopped.lines.subList(toldBefore, stopped.lines.size());
                assertThat(late).as("what was under way, and the newest state").hasSizeLessThan(8);
                assertThat(late.get(late.size() - 1)).matches("full " + records() + " missed [1-9]\\d*");
            }
        } finally {
            others.forEach(JavaProcess::close);
        }
    }

    private long records() {
        return (long) commits * WIKIS;
    }

    private boolean isTold(JavaProcess reader) {
        return !reader.lines.isEmpty()
                && reader.lines.get(reader.lines.size() - 1).split(" ")[1].equals(Long.toString(records()));
    }

    /** A gateway that pings nobody, so that nobody is cut off. Says its port. */
    static final class SmallGateway {
        private SmallGateway() {}

        public static void main(String[] arguments) throws InterruptedException {
            Gateway gateway = Gateway.start(GatewayOptions.of(new RedisAddress(arguments[0], arguments[1]))
                    .withBind("127.0.0.1", 0)
                    .withQuiet(Duration.ofMinutes(10)));
            System.out.println("port " + gateway.port());
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /** A reader that says of each message its type, the records of its cut, and how many cuts were missed. */
    static final class SayingReader {
        private static final Pattern MESSAGE = Pattern.compile("\"type\":\"(\\w+)\".*?\"records\":(\\d+)");
        private static final Pattern MISSED = Pattern.compile("\"missed\":(\\d+)");

        private SayingReader() {}

        public static void main(String[] arguments) throws IOException {
            try (RawReader reader = new RawReader(Integer.parseInt(arguments[0]), "/live")) {
                for (String message = reader.next(); message != null; message = reader.next()) {
                    Matcher of = MESSAGE.matcher(message);
                    Matcher missed = MISSED.matcher(message);
                    if (of.find()) {
                        System.out.println(
                                of.group(1) + " " + of.group(2) + " missed " + (missed.find() ? missed.group(1) : "0"));
                    }
                }
            }
        }
    }
}
