package io.tidemark.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.storm.Config;
import org.apache.storm.DaemonConfig;
import org.apache.storm.daemon.drpc.DRPC;
import org.apache.storm.daemon.drpc.DRPCThrift;
import org.apache.storm.generated.DRPCRequest;
import org.apache.storm.generated.DistributedRPC;
import org.apache.storm.metric.StormMetricsRegistry;
import org.apache.storm.security.auth.ThriftConnectionType;
import org.apache.storm.security.auth.ThriftServer;
import org.apache.storm.utils.Utils;

/**
 * Storm's stock DRPC server as a process of its own, with a stand-in for a topology behind it: it answers as Trident
 * does, in a list of tuples, and never answers {@code slow}. Ends with the process that started it.
 */
public final class StockDrpcServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REQUEST_TIMEOUT_SECONDS = 4;

    private final Process process;

    /** Starts one; does not wait. */
    StockDrpcServer(int port, Path log) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StockDrpcServer.class.getName(),
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    public static void main(String[] args) throws Exception {
        Thread watch = new Thread(StockDrpcServer::endWithParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        Map<String, Object> conf = Utils.readDefaultConfig();
        conf.put(Config.DRPC_PORT, Integer.parseInt(args[0]));
        conf.put(DaemonConfig.DRPC_REQUEST_TIMEOUT_SECS, REQUEST_TIMEOUT_SECONDS);
        DRPC drpc = new DRPC(new StormMetricsRegistry(), null, REQUEST_TIMEOUT_SECONDS * 1000L);
        ThriftServer server =
                new ThriftServer(conf, new DistributedRPC.Processor<>(new DRPCThrift(drpc)), ThriftConnectionType.DRPC);
        Thread topology = new Thread(() -> answer(drpc), "topology");
        topology.setDaemon(true);
        topology.start();
        server.serve();
    }

    private static void answer(DRPC drpc) {
        try {
            while (true) {
                DRPCRequest request = drpc.fetchRequest("counts");
                if (request.get_request_id().isEmpty()) {
                    Thread.sleep(1);
                } else if (!request.get_func_args().equals("slow")) {
                    String answer = JSON.writeValueAsString(Map.of("query", request.get_func_args(), "stream", "wiki"));
                    drpc.returnResult(request.get_request_id(), JSON.writeValueAsString(List.of(List.of(answer))));
                }
            }
        } catch (Exception e) { // Storm declares no less.
            throw new IllegalStateException("the stand-in for a topology has ended", e);
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // nothing is said
            }
        } catch (IOException e) {
            // as good as its end
        }
        Runtime.getRuntime().halt(0);
    }
}
