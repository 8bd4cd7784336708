package io.tidemark.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Asking over HTTP needs neither Storm nor Micrometer: here they are not on the class path. */
class WithoutStormTest {
    private static ClassLoader without(String... parts) {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Arrays.stream(parts).noneMatch(entry::contains))
                .map(WithoutStormTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(entry, e);
        }
    }

    @Test
    void answersOverHttp() throws Exception {
        ClassLoader loader = without("storm", "micrometer");
        assertThatThrownBy(() -> loader.loadClass("org.apache.storm.Config"))
                .isInstanceOf(ClassNotFoundException.class);
        try (FakeGateway gateway = new FakeGateway(
                (function, arguments) -> "{\"query\":" + "\"" + arguments + "\",\"function\":\"" + function + "\"}")) {
            Class<?> tidemark = loader.loadClass(Tidemark.class.getName());
            Object client = tidemark.getMethod("connect", String.class).invoke(null, gateway.url());

            Object answer =
                    tidemark.getMethod("ask", String.class, String.class).invoke(client, "counts", "bot human");

            assertThat(answer).isEqualTo("{\"query\":\"bot human\",\"function\":\"counts\"}");
        }
    }

    @Test
    void saysWhatIsMissingForDrpc() throws Exception {
        Class<?> tidemark = without("storm").loadClass(Tidemark.class.getName());

        assertThatThrownBy(() -> tidemark.getMethod("connect", String.class).invoke(null, "drpc://localhost"))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("storm-client")
                .hasMessageContaining("http://");
    }
}
