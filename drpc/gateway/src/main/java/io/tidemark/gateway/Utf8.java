package io.tidemark.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;

/** Text that callers send. What is not UTF-8 is refused: made into another text, it would ask another question. */
final class Utf8 {
    private Utf8() {}

    /**
     * @param what it is, for the message
     * @throws IllegalArgumentException when it is not UTF-8
     */
    static String text(String what, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(what + " is not UTF-8", e);
        }
    }

    /** Whether what stands behind the question mark is UTF-8, percent-encoded where it must be. */
    static boolean isQuery(Request request) {
        try {
            Request.extractQueryParameters(request);
            return true;
        } catch (IllegalArgumentException | IllegalStateException | HttpException.RuntimeException e) {
            return false;
        }
    }
}
