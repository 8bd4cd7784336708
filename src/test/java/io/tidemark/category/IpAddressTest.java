package io.tidemark.category;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "0.0.0.0", "255.255.255.255"})
    void isVersion4(String text) {
        assertThat(IpAddress.isV4(text)).isTrue();
        assertThat(IpAddress.isV6(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001:DB8:0:0:0:0:0:1",
                "2001:db8::1",
                "2001:0db8:0000:0000:0000:0000:0000:0001",
                "::",
                "::1",
                "1::",
                "::ffff:192.0.2.1",
                "::192.0.2.1",
                "64:ff9b::192.0.2.33",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "1:2:3:4:5:6:192.0.2.1",
                "1::3:4:5:6:7:8",
                "fe80::1"
            })
    void isVersion6(String text) {
        assertThat(IpAddress.isV6(text)).isTrue();
        assertThat(IpAddress.isV4(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "192.0.2.010",
                "1.2.3",
                "1.2.3.4.5",
                "198.51.100.xxx",
                "203.0.113.0/24",
                "256.0.0.1",
                "1.2.3.",
                "1.2.3.4 ",
                "1.2.3.-4",
                "\u0661.2.3.4",
                "example.com",
                "dead:beef",
                ":",
                ":::",
                "1:::2",
                "::1::",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8::",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7",
                "12345::1",
                "g::1",
                "fe80::1%eth0",
                "2001:db8::/32",
                "::192.0.2.010",
                "::192.0.2",
                "192.0.2.1::",
                "1:2:3:4:5:6:7:192.0.2.1",
                "1:2:3:4:5:192.0.2.1",
                "[::1]",
                "::1.2.3.4.5",
                "User:2001:db8::1"
            })
    void isNone(String text) {
        assertThat(IpAddress.isV4(text)).isFalse();
        assertThat(IpAddress.isV6(text)).isFalse();
    }
}
