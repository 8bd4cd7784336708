package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong clock = new AtomicLong(5);
    private final RateLimit limit = new RateLimit(10, clock::get);

    private long allowed(InetAddress from, int asked) {
        return IntStream.range(0, asked).filter(i -> limit.allows(from)).count();
    }

    @Test
    void twiceAsManyAtOnceAndThenSoManyASecond() throws UnknownHostException {
        InetAddress from = InetAddress.getByName("192.0.2.1");
        assertThat(allowed(from, 100)).isEqualTo(20);
        clock.addAndGet(500_000_000L);
        assertThat(allowed(from, 100)).isEqualTo(5);
        clock.addAndGet(3_600_000_000_000L);
        assertThat(allowed(from, 100)).isEqualTo(20);
    }

    @Test
    void oneAddressDoesNotSlowAnother() throws UnknownHostException {
        allowed(InetAddress.getByName("192.0.2.1"), 100);
        assertThat(allowed(InetAddress.getByName("192.0.2.2"), 100)).isEqualTo(20);
    }

    @Test
    void aNetworkOfSixtyFourBitsIsOneAddress() throws UnknownHostException {
        allowed(InetAddress.getByName("2001:db8::1"), 100);
        assertThat(allowed(InetAddress.getByName("2001:db8::ffff"), 100)).isZero();
        assertThat(allowed(InetAddress.getByName("2001:db8:0:1::1"), 100)).isEqualTo(20);
    }

    @Test
    void noLimitIsNone() throws UnknownHostException {
        RateLimit none = new RateLimit(0, clock::get);
        InetAddress from = InetAddress.getByName("192.0.2.1");
        assertThat(IntStream.range(0, 10_000).allMatch(i -> none.allows(from))).isTrue();
    }
}
