package io.tidemark.trident;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BinaryOperator;
import org.apache.storm.generated.DRPCRequest;
import org.apache.storm.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the questions of one DRPC server and gives the answers back, on a few threads with a connection each: one of
 * them waits for the next question while the others answer, so that a slow question holds up nobody, and a server
 * without questions costs little. A server that is away, hangs or was started anew is tried again for as long as this
 * lives; other servers never notice.
 */
final class QuestionListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QuestionListener.class);
    private static final int THREADS = 4;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** Where there was a question, the next one often follows at once. */
    private static final Duration ATTENTIVE = Duration.ofSeconds(1);

    private static final Duration REST_WHEN_ATTENTIVE = Duration.ofMillis(1);
    private static final Duration REST = Duration.ofMillis(10);
    private static final Duration TO_END = Duration.ofSeconds(1);

    private record Question(String function, String id, String arguments) {}

    private final Questions.Server server;
    private final List<String> functions;
    private final BinaryOperator<String> answers;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicReference<String> said = new AtomicReference<>("");
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** Guarded by {@link #turn}, as is the next. */
    private long lastQuestion = System.nanoTime();

    private int nextFunction;

    /**
     * @param functions that are answered
     * @param answers function and arguments to answer; called by several threads
     */
    QuestionListener(Questions.Server server, List<String> functions, BinaryOperator<String> answers) {
        this.server = server;
        this.functions = List.copyOf(functions);
        this.answers = answers;
    }

    void start() {
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::run, "answers-" + i + "-" + server.name());
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run() {
        Duration pause = SHORTEST_PAUSE;
        while (!closed) {
            long connected = 0;
            try (Questions questions = server.connect()) {
                connected = System.nanoTime();
                say("");
                while (!closed) {
                    answer(questions, await(questions));
                }
            } catch (InterruptedException e) {
                return;
            } catch (TException | RuntimeException e) {
                if (closed) {
                    return;
                }
                say(root(e));
                boolean wasWell = connected != 0 && System.nanoTime() - connected > LONGEST_PAUSE.toNanos();
                pause = wasWell ? SHORTEST_PAUSE : pause.multipliedBy(2);
                pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
                if (!sleeps(pause)) {
                    return;
                }
            }
        }
    }

    /** Waits for the next question. One thread at a time asks the server. */
    private Question await(Questions questions) throws TException, InterruptedException {
        turn.lockInterruptibly();
        try {
            while (true) {
                for (int i = 0; i < functions.size(); i++) {
                    String function = functions.get(nextFunction);
                    nextFunction = (nextFunction + 1) % functions.size();
                    DRPCRequest request = questions.next(function);
                    if (!request.get_request_id().isEmpty()) {
                        lastQuestion = System.nanoTime();
                        return new Question(function, request.get_request_id(), request.get_func_args());
                    }
                }
                boolean attentive = System.nanoTime() - lastQuestion < ATTENTIVE.toNanos();
                Thread.sleep((attentive ? REST_WHEN_ATTENTIVE : REST).toMillis());
            }
        } finally {
            turn.unlock();
        }
    }

    private void answer(Questions questions, Question question) throws TException {
        String answer;
        try {
            answer = answers.apply(question.function(), question.arguments());
        } catch (RuntimeException e) {
            LOG.error("{} of \"{}\" failed", question.function(), question.arguments(), e);
            questions.fail(
                    question.id(),
                    question.function() + " failed: " + e + ". This is a fault of the program; the worker's log has the"
                            + " details.");
            return;
        }
        questions.answer(question.id(), answer);
    }

    /** Each change is said once, not by each thread. @param trouble empty when all is well */
    private void say(String trouble) {
        String before = said.getAndSet(trouble);
        if (!before.equals(trouble)) {
            if (trouble.isEmpty()) {
                LOG.info("DRPC server {}: answering again", server.name());
            } else {
                LOG.warn("DRPC server {} is away, trying again: {}", server.name(), trouble);
            }
        }
    }

    private static boolean sleeps(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static String root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.toString();
    }

    /** Ends the threads; one that just answers may end a little later. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join(TO_END.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
