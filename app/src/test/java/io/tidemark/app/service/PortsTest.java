package io.tidemark.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.app.CommandFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {
    private final List<String> said = new ArrayList<>();
    private final Ports ports = new Ports(said::add);

    @Test
    void aDefaultThatIsTakenIsReplacedByTheNextFreeOneAndSaid() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = ports.choose("--kafka-port", null, taken.getLocalPort());

            assertThat(port).isGreaterThan(taken.getLocalPort());
            assertThat(said)
                    .containsExactly(
                            "Port " + taken.getLocalPort() + " is taken; using " + port + " instead (--kafka-port).");
        }
    }

    @Test
    void aDefaultThatIsFreeIsTakenSilently() throws IOException {
        int free = ports.anyFree();

        assertThat(ports.choose("--kafka-port", null, free)).isEqualTo(free);
        assertThat(said).isEmpty();
    }

    @Test
    void aGivenPortThatIsTakenOnAnyAddressIsRefused() throws IOException {
        try (ServerSocket loopback = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket everywhere = new ServerSocket(0)) {
            for (int port : List.of(loopback.getLocalPort(), everywhere.getLocalPort())) {
                assertThatThrownBy(() -> ports.choose("--drpc-port", port, 3772))
                        .isInstanceOf(CommandFailedException.class)
                        .hasMessageContaining("--drpc-port " + port);
            }
        }
    }

    @Test
    void noPortIsGivenOutTwice() {
        int free = ports.anyFree();

        assertThat(ports.choose("--kafka-port", null, free)).isEqualTo(free);
        assertThat(ports.choose("--redis-port", null, free)).isGreaterThan(free);
        assertThatThrownBy(() -> ports.choose("--drpc-port", free, 3772))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("two options name the same port");
    }
}
