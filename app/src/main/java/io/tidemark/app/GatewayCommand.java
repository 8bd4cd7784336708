package io.tidemark.app;

import io.tidemark.app.service.ServiceInfo;
import io.tidemark.commit.RedisAddress;
import io.tidemark.gateway.Gateway;
import io.tidemark.gateway.GatewayOptions;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidemark gateway}: answers over HTTP and WebSocket, beside a service that runs elsewhere. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        header = "Serves the live page, HTTP and WebSocket from a Redis.",
        description = "Reads counts straight from Redis; it needs neither Storm nor Kafka, and there may be several. "
                + "It listens on 127.0.0.1 unless told otherwise, and asks nobody for a password: before you bind it "
                + "elsewhere, put a proxy in front that does, or be sure that everybody may read the counts. "
                + "(tidemark run starts one of its own.)",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark gateway --redis redis://redis:6379/0 --redis-password-file /run/secrets/redis",
            "  tidemark gateway --redis redis://redis:6379 --bind 0.0.0.0 --allow-origin https://example.org",
            "  tidemark gateway --port 8080                    the Redis of the service of the data folder"
        })
final class GatewayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Mixin
    private RedisOption redis;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = GatewayOptions.DEFAULT_BIND,
            description = "Address to listen on; 0.0.0.0 for all (default: ${DEFAULT-VALUE}, this machine only).")
    private String bind;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "2546",
            description = "Port to listen on; 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description = "Pages of this origin may read too (https://counts.example.org), and its host may stand in "
                    + "front; repeatable.")
    private List<String> origins = List.of();

    @Option(
            names = "--requests-per-second",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Most that one address may ask; 0 for no limit (default: ${DEFAULT-VALUE}).")
    private int perSecond;

    @Option(
            names = "--readers",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Most WebSockets at the same time (default: ${DEFAULT-VALUE}).")
    private int readers;

    @Override
    public Integer call() throws InterruptedException {
        Gateway gateway = start(options(redis.address(this::ofDataFolder)));
        System.out.println("Tidemark " + Version.text() + " gateway: " + gateway.url());
        System.out.println("Ctrl-C stops it.");
        System.out.flush();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            gateway.close();
                            redis.forget();
                            stopped.countDown();
                            Runtime.getRuntime().halt(ExitCodes.OK);
                        },
                        "stop"));
        stopped.await();
        return ExitCodes.OK;
    }

    private GatewayOptions options(RedisAddress address) {
        try {
            return GatewayOptions.of(address)
                    .withBind(bind, port)
                    .withOrigins(origins)
                    .withRate(perSecond)
                    .withReaders(readers, readers);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Gateway start(GatewayOptions options) {
        try {
            return Gateway.start(options);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--allow-origin: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new CommandFailedException(
                    ExitCodes.REFUSED,
                    "cannot listen on " + bind + ":" + port + ": "
                            + e.getCause().getMessage() + ". Stop what listens there, or give another --port.",
                    e);
        }
    }

    private RedisAddress ofDataFolder() {
        return ServiceInfo.read(data.folder())
                .map(ServiceInfo::redisAddress)
                .orElseThrow(() -> new CommandFailedException(
                        ExitCodes.UNREACHABLE,
                        "no service runs on the data folder " + data.folder().path()
                                + ". Say where Redis is: --redis redis://HOST:PORT"));
    }
}
