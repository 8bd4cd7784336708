package io.tidemark.trident;

import io.tidemark.commit.RedisAddress;
import io.tidemark.query.Answers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.apache.storm.Config;
import org.apache.storm.spout.SpoutOutputCollector;
import org.apache.storm.task.TopologyContext;
import org.apache.storm.topology.OutputFieldsDeclarer;
import org.apache.storm.topology.base.BaseRichSpout;
import org.apache.storm.utils.ObjectReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers DRPC questions about all streams in one Redis, which it only reads. It takes the questions of each DRPC server
 * that the cluster's configuration names, and gives the answers back itself: a spout because it has no input, though it
 * emits nothing. May stand in other people's topologies. Answers are given while the topology is deactivated too.
 */
public final class AnswersSpout extends BaseRichSpout {
    private static final Logger LOG = LoggerFactory.getLogger(AnswersSpout.class);
    private static final long serialVersionUID = 1L;
    private static final long IDLE_NANOS = 100_000_000;

    private final RedisAddress redis;
    private final ArrayList<String> functions;
    private final String localService;
    private transient Answers answers;
    private transient List<QuestionListener> listeners;

    /**
     * @param redis where the counts are
     * @param functions that are answered: some of {@link Answers#FUNCTIONS}
     * @param localService id of a DRPC server in the same JVM; null for those of the cluster's configuration
     */
    public AnswersSpout(RedisAddress redis, Collection<String> functions, String localService) {
        this.redis = Objects.requireNonNull(redis, "redis");
        this.functions = new ArrayList<>(functions);
        this.localService = localService;
    }

    @Override
    public void open(Map<String, Object> stormConfig, TopologyContext context, SpoutOutputCollector collector) {
        answers = new Answers(redis);
        listeners = new ArrayList<>();
        for (Questions.Server server : servers(stormConfig)) {
            QuestionListener listener = new QuestionListener(server, functions, answers::ask);
            listeners.add(listener);
            listener.start();
        }
        if (listeners.isEmpty()) {
            LOG.warn(
                    "{} names no server: nobody can ask this topology over DRPC; counts are in Redis all the same",
                    Config.DRPC_SERVERS);
        }
    }

    private List<Questions.Server> servers(Map<String, Object> stormConfig) {
        if (localService != null) {
            return List.of(new LocalQuestions.Server(localService));
        }
        List<Questions.Server> servers = new ArrayList<>();
        if (stormConfig.get(Config.DRPC_SERVERS) instanceof Collection<?> hosts) {
            int port = ObjectReader.getInt(stormConfig.get(Config.DRPC_INVOCATIONS_PORT));
            hosts.forEach(host -> servers.add(new RemoteQuestions.Server(stormConfig, host.toString(), port)));
        }
        return servers;
    }

    /** Nothing is emitted: the threads that open started do it all. */
    @Override
    public void nextTuple() {
        LockSupport.parkNanos(IDLE_NANOS);
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
        // No streams.
    }

    @Override
    public void close() {
        listeners.forEach(QuestionListener::close);
        answers.close();
    }
}
