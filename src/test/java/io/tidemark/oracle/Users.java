package io.tidemark.oracle;

import io.tidemark.oracle.Values.Value;
import java.util.List;
import java.util.SplittableRandom;

/** Users by what their names say of them, for the case that no flag does. */
final class Users {
    private static final List<String> ADDRESSES = List.of(
            "192.0.2.1",
            "192.0.2.0",
            "198.51.100.255",
            "203.0.113.7",
            "0.0.0.0",
            "255.255.255.255",
            "2001:DB8:0:0:0:0:0:1",
            "2001:db8::1",
            "2001:0db8:0000:0000:0000:0000:0000:0001",
            "2001:DB8:a:b:c:d:e:f",
            "2001:db8::192.0.2.33",
            "::ffff:192.0.2.1",
            "::",
            "::1",
            "1::",
            "2001:db8:1:2:3:4:5::",
            "::2:3:4:5:6:7");

    private static final List<String> NO_ADDRESSES = List.of(
            "192.0.2.010",
            "192.0.2.256",
            "192.0.2",
            "1.2.3",
            "192.0.2.1.",
            ".192.0.2.1",
            "192.0.2.1 ",
            " 192.0.2.1",
            "192.0.2.-1",
            "192.0.2.+1",
            "192.0..1",
            "192.0.2.1.5",
            "192.0.2.0x1",
            "192.0.2.1e0",
            "3221225985",
            "198.51.100.xxx",
            "203.0.113.0/24",
            "\u0661\u0669\u0662.0.2.1",
            "example.com",
            "localhost",
            "dead:beef",
            "2001:db8::1::2",
            "2001:db8:0:0:0:0:1",
            "2001:db8:0:0:0:0:0:0:1",
            "2001:db8:::1",
            "2001:db8::g",
            "2001:db8::12345",
            ":2001:db8:0:0:0:0:0:1",
            "2001:db8:0:0:0:0:0:",
            "1:2:3:4:5:6:7:8::",
            "::ffff:192.0.2.256",
            "::ffff:192.0.2.01",
            "::192.0.2.1:5",
            "[2001:db8::1]",
            "2001:db8::/32",
            ":",
            ":::");

    private static final List<String> NOT_TEMPORARY = List.of(
            "~1999-1",
            "~2026",
            "~202-61",
            "~20266-1",
            "~2o26-1",
            "2026-1",
            " ~2026-1",
            "~ 2026-1",
            "\uff5e2026-1",
            "~2-026");

    private final SplittableRandom random;
    private final Values values;

    Users(SplittableRandom random, Values values) {
        this.random = random;
        this.values = values;
    }

    /** Adds a user, with the categories {@code user} and {@code login} for an event without {@code is_anon}. */
    void put(Draft draft, JsonText text, boolean odd) {
        int luck = random.nextInt(100);
        if (luck < 8) {
            named(draft, text, "~2026-" + (10_000 + values.rank(3_000)), "temporary");
        } else if (luck < 20) {
            named(draft, text, address(), "anonymous");
        } else if (luck < 22) {
            hidden(draft);
        } else if (!odd) {
            named(draft, text, "Sample User " + values.rank(4_000), "loggedin");
        } else {
            odd(draft, text);
        }
    }

    private void odd(Draft draft, JsonText text) {
        switch (random.nextInt(4)) {
            case 0 -> named(draft, text, NO_ADDRESSES.get(random.nextInt(NO_ADDRESSES.size())), "loggedin");
            case 1 -> named(draft, text, NOT_TEMPORARY.get(random.nextInt(NOT_TEMPORARY.size())), "loggedin");
            case 2 ->
                named(draft, text, List.of("~2000-", "~2999-x", "~2026-1-2").get(random.nextInt(3)), "temporary");
            default -> {
                Value value = values.strange();
                draft.put("user", text.text(value.text()));
                draft.category("user", value.category());
                draft.category("login", value.text().isEmpty() ? "hidden" : "loggedin");
            }
        }
    }

    private String address() {
        return random.nextInt(3) == 0
                ? ADDRESSES.get(random.nextInt(ADDRESSES.size()))
                : "192.0.2." + random.nextInt(256);
    }

    private void hidden(Draft draft) {
        draft.category("user", Values.UNKNOWN);
        draft.category("login", "hidden");
        int luck = random.nextInt(3);
        if (luck > 0) {
            draft.put("user", luck == 1 ? "null" : "\"\"");
        }
    }

    private static void named(Draft draft, JsonText text, String name, String login) {
        draft.put("user", text.text(name));
        draft.category("user", name);
        draft.category("login", login);
    }
}
