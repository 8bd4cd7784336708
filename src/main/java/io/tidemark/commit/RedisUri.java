package io.tidemark.commit;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A Redis URI as users write it, taken apart: {@code redis://[user[:password]@]host[:port][/database]}, {@code
 * redis-sentinel://...host[:port],host[:port][/database]#master} or {@code redis-cluster://...host[:port],host[:port]}; or
 * {@code rediss} for TLS. Signs that mean something in a URI are percent-encoded in user and password; where they are
 * not, what stands before the last {@code @} is user and password all the same. No message holds the password.
 *
 * @param address the URI without the password
 * @param password decoded; null when there is none
 */
public record RedisUri(String address, String password) {
    /** The forms of it, for people. */
    public static final String FORMS = "redis://[user[:password]@]host:port/db,"
            + " redis-sentinel://[user[:password]@]host:port,host:port/db#master or"
            + " redis-cluster://[user[:password]@]host:port,host:port";

    /** @throws IllegalArgumentException when it is none; the message may be shown */
    public static RedisUri parse(String uri) {
        int scheme = uri.indexOf("://");
        if (scheme < 0 || !uri.substring(0, scheme).matches("rediss?(-sentinel|-cluster)?")) {
            throw new IllegalArgumentException("expected " + FORMS);
        }
        String rest = uri.substring(scheme + 3);
        int at = rest.lastIndexOf('@');
        String place = rest.substring(at + 1);
        String login = at < 0 ? "" : rest.substring(0, at);
        int colon = login.indexOf(':');
        String user = decoded(colon < 0 ? login : login.substring(0, colon), "user");
        String password = colon < 0 ? "" : decoded(login.substring(colon + 1), "password");
        if (!password.equals(password.strip()) || password.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a password that begins or ends with white space cannot be kept");
        }
        String encodedUser = URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20");
        String address = uri.substring(0, scheme + 3) + (user.isEmpty() ? "" : encodedUser + "@") + place;
        try {
            RedisPlace.of(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    at < 0 ? e.getMessage() : "what follows the last @ is not right: " + e.getMessage(), e);
        }
        return new RedisUri(address, password.isEmpty() ? null : password);
    }

    /** Percent signs and two digits are bytes of UTF-8; a plus sign is a plus sign. */
    private static String decoded(String text, String what) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c != '%') {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            } else if (i + 3 <= text.length()
                    && HexFormat.isHexDigit(text.charAt(i + 1))
                    && HexFormat.isHexDigit(text.charAt(i + 2))) {
                bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 3;
            } else {
                throw new IllegalArgumentException(
                        "in the " + what + " a % is not followed by two hexadecimal digits; a % itself is written %25");
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the " + what + " is not percent-encoded UTF-8", e);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return address;
    }
}
