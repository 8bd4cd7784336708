package io.tidemark.oracle;

import io.tidemark.oracle.JsonText.Member;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Events that must not be counted. Each is made from a good one by one fault, or by two: then the one that the contract
 * names first decides.
 */
final class BadEvents {
    private static final List<String> TEXTS = List.of("type", "action", "title", "page_title", "user", "wiki", "ns");
    private static final List<String> FLAGS = List.of("bot", "is_bot", "is_anon", "is_new");
    private static final List<String> NO_TEXTS = List.of("5", "true", "{}", "[]", "[\"a\"]", "1.5e3", "{\"a\":\"b\"}");
    private static final List<String> NO_FLAGS = List.of("\"true\"", "\"\"", "1", "0", "{}", "[true]");
    private static final List<String> NO_NUMBERS =
            List.of("3.5", "\"Main\"", "true", "{}", "[3]", "\"3.5\"", "1e-1", "\"0x3\"");
    private static final List<String> HALF_PAIRS =
            List.of("\\ud83c", "a\\uD800b", "\\udc00", "\\ude00\\ud83d", "\\ud83c\\ud83c\\udf0a", "x\\ud83cn");
    private static final byte[][] NOT_UTF8 = {
        {(byte) 0xff},
        {(byte) 0xfe},
        {(byte) 0x80},
        {(byte) 0xc0, (byte) 0x80},
        {(byte) 0xc1, (byte) 0xbf},
        {(byte) 0xe0, (byte) 0x80, (byte) 0x80},
        {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
        {(byte) 0xed, (byte) 0xb0, (byte) 0x80},
        {(byte) 0xed, (byte) 0xa0, (byte) 0xbc, (byte) 0xed, (byte) 0xbc, (byte) 0x8a},
        {(byte) 0xf0, (byte) 0x80, (byte) 0x80, (byte) 0x80},
        {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
        {(byte) 0xe2, (byte) 0x82},
        {(byte) 0xf0, (byte) 0x9f, (byte) 0x8c},
        {(byte) 0xc3},
        {(byte) 0xc3, (byte) 0x28},
    };
    private static final List<String> NOT_JSON = List.of(
            "tick 17 from server",
            "{'action':'edit'}",
            "{action:\"edit\"}",
            "{\"action\":\"edit\",}",
            "{,\"action\":\"edit\"}",
            "{\"action\" \"edit\"}",
            "{\"action\":}",
            "{\"action\":\"edit\" \"user\":\"x\"}",
            "{\"action\":\"edit\",\"n\":012}",
            "{\"action\":\"edit\",\"n\":+1}",
            "{\"action\":\"edit\",\"n\":.5}",
            "{\"action\":\"edit\",\"n\":1.}",
            "{\"action\":\"edit\",\"n\":1e}",
            "{\"action\":\"edit\",\"n\":-}",
            "{\"action\":\"edit\",\"n\":NaN}",
            "{\"action\":\"edit\",\"n\":Infinity}",
            "{\"action\":\"edit\",\"n\":0x10}",
            "{\"action\":\"edit\",\"n\":tru}",
            "{\"action\":\"edit\",\"n\":True}",
            "{\"action\":\"edit\",\"n\":undefined}",
            "{\"action\":\"a\tb\"}",
            "{\"action\":\"a\u0000b\"}",
            "{\"action\":\"a\u001fb\"}",
            "{\"action\":\"\\x41\"}",
            "{\"action\":\"\\u12\"}",
            "{\"action\":\"\\u12g4\"}",
            "{\"action\":\"edit\"]",
            "{\"action\":\"edit\",\"a\":[1,2}",
            "{\"action\":\"edit\",\"a\":[1,]}",
            "{\"action\":\"edit\" /* sic */}",
            "// sic {\"action\":\"edit\"}",
            "# {\"action\":\"edit\"}",
            "event: message",
            "data: {\"action\":\"edit\"}",
            "}",
            "]",
            ",",
            "\"open",
            "[1,2",
            "{",
            "{\"",
            "\u00a0{\"action\":\"edit\"}",
            "\f{\"action\":\"edit\"}",
            "\u0000{\"action\":\"edit\"}");
    private static final List<String> NO_OBJECTS = List.of(
            "42",
            "-1.5e3",
            "null",
            "true",
            "false",
            "\"text\"",
            "\"{\\\"action\\\":\\\"edit\\\"}\"",
            "[1,2,3]",
            "[]",
            "[{\"action\":\"edit\"}]",
            " [ ] ",
            "42 43",
            "[1] x",
            "null {\"action\":\"edit\"}",
            "\"a\" \"b\"");
    private static final List<String> TRAILERS = List.of(
            "}", "x", " {}", "{\"action\":\"edit\"}", ",", " 42", "]", "\"", "\u0000", "\u00a0", " // sic", ";");

    private final SplittableRandom random;
    private final JsonText text;
    private final GoodDrafts good;
    private final Instant to;

    /** @param to the latest good event time */
    BadEvents(SplittableRandom random, JsonText text, GoodDrafts good, Instant to) {
        this.random = random;
        this.text = text;
        this.good = good;
        this.to = to;
    }

    /** Faults, in the order in which the contract looks for them. */
    enum Fault {
        NULL_VALUE("null-value"),
        EMPTY("empty"),
        UTF8("not-utf8"),
        DEEP("too-deep"),
        JSON("not-json"),
        OBJECT("not-an-object"),
        TRAILING("trailing-data"),
        DUPLICATE("duplicate-key"),
        CANARY(null),
        TYPE("wrong-type"),
        HALF("bad-text"),
        MISSING("missing-field"),
        FUTURE("time-in-future");

        private final String reason;

        Fault(String reason) {
            this.reason = reason;
        }

        Label label() {
            return reason == null ? new Label.Filtered() : new Label.Rejected(reason);
        }
    }

    LabelledEvent next() {
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        return switch (fault) {
            case NULL_VALUE -> new LabelledEvent(null, fault.label(), "no value");
            case EMPTY ->
                new LabelledEvent(
                        utf8(List.of("", " ", "\n", "\t \r\n").get(random.nextInt(4))), fault.label(), "empty");
            case OBJECT -> plain(fault, NO_OBJECTS.get(random.nextInt(NO_OBJECTS.size())));
            case JSON -> notJson();
            case UTF8 -> notUtf8();
            case DEEP -> tooDeep();
            default -> spoiled(fault);
        };
    }

    private static LabelledEvent plain(Fault fault, String json) {
        return new LabelledEvent(utf8(json), fault.label(), fault.toString());
    }

    private LabelledEvent notJson() {
        int luck = random.nextInt(12);
        if (luck < 8) {
            return plain(Fault.JSON, NOT_JSON.get(random.nextInt(NOT_JSON.size())));
        }
        String whole = (random.nextBoolean() ? good.next() : draft(Fault.values()[7 + random.nextInt(6)], null))
                .json(text, random)
                .strip();
        int end = 1 + random.nextInt(whole.length() - 1);
        if (Character.isHighSurrogate(whole.charAt(end - 1))) {
            end--;
        }
        return plain(Fault.JSON, end == 0 ? "{" : whole.substring(0, end));
    }

    private LabelledEvent notUtf8() {
        int luck = random.nextInt(8);
        String json = random.nextInt(4) == 0
                ? NOT_JSON.get(random.nextInt(NOT_JSON.size()))
                : good.next().json(text, random);
        if (luck == 0) {
            return new LabelledEvent(utf8("\ufeff" + json), Fault.UTF8.label(), "byte order mark");
        }
        if (luck == 1) {
            return new LabelledEvent(json.getBytes(StandardCharsets.UTF_16), Fault.UTF8.label(), "UTF-16");
        }
        if (luck == 2) {
            return new LabelledEvent(
                    ("\ufeff" + json).getBytes(StandardCharsets.UTF_16LE),
                    Fault.UTF8.label(),
                    "UTF-16LE with its mark");
        }
        byte[] whole = utf8(json);
        byte[] bad = NOT_UTF8[random.nextInt(NOT_UTF8.length)];
        // Not in the middle of a character, whose rest could make the bad bytes good.
        int at = random.nextInt(3) == 0 ? whole.length : random.nextInt(whole.length + 1);
        while (at < whole.length && (whole[at] & 0xc0) == 0x80) {
            at++;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(whole.length + bad.length);
        bytes.write(whole, 0, at);
        bytes.writeBytes(bad);
        bytes.write(whole, at, whole.length - at);
        return new LabelledEvent(bytes.toByteArray(), Fault.UTF8.label(), "bad byte at " + at);
    }

    private LabelledEvent tooDeep() {
        int depth = 1_001 + random.nextInt(3) * random.nextInt(3_000);
        int luck = random.nextInt(4);
        if (luck == 0) {
            return plain(Fault.DEEP, "[".repeat(depth) + (random.nextBoolean() ? "" : "]".repeat(depth)));
        }
        Draft draft = luck == 1 ? draft(Fault.DUPLICATE, null) : good.next();
        boolean arrays = random.nextBoolean();
        String inner = arrays
                ? "[".repeat(depth - 1) + "]".repeat(depth - 1)
                : "{\"a\":".repeat(depth - 1) + "1" + "}".repeat(depth - 1);
        draft.put("deep", inner);
        String json = draft.json(text, random);
        if (luck == 2) {
            json = json.strip();
            json = json.substring(0, json.length() - 1);
        } else if (luck == 3) {
            json += TRAILERS.get(random.nextInt(TRAILERS.size()));
        }
        return plain(Fault.DEEP, json);
    }

    /** One fault of those that leave an object, or two. */
    private LabelledEvent spoiled(Fault fault) {
        Fault second = random.nextInt(4) == 0 ? Fault.values()[6 + random.nextInt(7)] : null;
        if (second == fault) {
            second = null;
        }
        Fault first = second == null || fault.compareTo(second) < 0 ? fault : second;
        boolean trailing = fault == Fault.TRAILING || second == Fault.TRAILING;
        Draft draft = draft(fault, second);
        String json = draft.json(text, random) + (trailing ? TRAILERS.get(random.nextInt(TRAILERS.size())) : "");
        return new LabelledEvent(utf8(json), first.label(), fault + (second == null ? "" : " and " + second));
    }

    /** A good draft with these faults in it; the order of making keeps one from undoing the other. */
    private Draft draft(Fault one, Fault other) {
        Draft draft = good.next();
        for (Fault fault :
                List.of(Fault.FUTURE, Fault.CANARY, Fault.MISSING, Fault.HALF, Fault.TYPE, Fault.DUPLICATE)) {
            if (fault == one || fault == other) {
                // What is missing must not come back by the next fault.
                boolean keepMissing = one == Fault.MISSING || other == Fault.MISSING;
                spoil(draft, fault, keepMissing);
            }
        }
        return draft;
    }

    private void spoil(Draft draft, Fault fault, boolean keepMissing) {
        switch (fault) {
            case FUTURE -> future(draft);
            case CANARY -> canary(draft);
            case MISSING -> missing(draft);
            case HALF -> {
                String name = keepMissing ? "user" : TEXTS.get(random.nextInt(TEXTS.size()));
                draft.set(name, "\"" + HALF_PAIRS.get(random.nextInt(HALF_PAIRS.size())) + "\"");
            }
            case TYPE -> wrongType(draft, keepMissing);
            default -> duplicate(draft);
        }
    }

    private void future(Draft draft) {
        long time = to.toEpochMilli() + 7_200_000L + random.nextLong(100L * 365 * 86_400_000L);
        draft.meta = GoodDrafts.meta(text, random, time);
        draft.remove(Draft.META);
        draft.remove("timestamp");
        if (random.nextBoolean()) {
            draft.meta.add(new Member("dt", text.text(Times.iso(time, 3))));
        } else {
            draft.put("timestamp", random.nextBoolean() ? Long.toString(time / 1_000) : Long.toString(time));
        }
    }

    private void canary(Draft draft) {
        if (draft.meta == null) {
            draft.meta = GoodDrafts.meta(text, random, 1);
            draft.remove(Draft.META);
        }
        draft.meta.removeIf(m -> m.name().equals("domain"));
        draft.meta.add(new Member("domain", text.text("canary")));
        if (random.nextBoolean()) {
            draft.remove("type");
            draft.remove("action");
        }
    }

    private void missing(Draft draft) {
        for (String name : List.of("type", "action")) {
            draft.remove(name);
            if (random.nextInt(3) == 0) {
                draft.put(name, "null");
            }
        }
    }

    private void wrongType(Draft draft, boolean keepMissing) {
        int luck = random.nextInt(8);
        if (luck < 4) {
            List<String> names = keepMissing ? List.of("wiki", "ns") : TEXTS;
            // One that holds half a pair stays, so that both faults are there.
            String name = names.get(random.nextInt(names.size()));
            String other = draft.members.stream()
                            .anyMatch(m -> m.name().equals(name) && m.value().contains("\\u"))
                    ? (name.equals("wiki") ? "ns" : "wiki")
                    : name;
            draft.set(other, NO_TEXTS.get(random.nextInt(NO_TEXTS.size())));
        } else if (luck < 7) {
            draft.set(FLAGS.get(random.nextInt(FLAGS.size())), NO_FLAGS.get(random.nextInt(NO_FLAGS.size())));
        } else {
            draft.set("namespace", NO_NUMBERS.get(random.nextInt(NO_NUMBERS.size())));
        }
    }

    private void duplicate(Draft draft) {
        List<Member> read = draft.members.stream()
                .filter(m -> TEXTS.contains(m.name())
                        || FLAGS.contains(m.name())
                        || List.of("namespace", "timestamp", "rev_id", "parent_rev_id")
                                .contains(m.name()))
                .filter(m -> !m.value().equals("null"))
                .toList();
        if (draft.meta != null && draft.meta.stream().anyMatch(m -> m.name().equals("dt")) && random.nextInt(4) == 0) {
            draft.meta.add(random.nextInt(draft.meta.size()), new Member(spelling("dt"), "\"2026-04-11T10:00:01Z\""));
            return;
        }
        if (read.isEmpty()) {
            draft.put("user", "\"a\"").put(spelling("user"), "\"a\"");
            return;
        }
        Member member = read.get(random.nextInt(read.size()));
        String value = random.nextInt(3) == 0 ? "\"other\"" : member.value();
        draft.members.add(random.nextInt(draft.members.size() + 1), new Member(spelling(member.name()), value));
    }

    private String spelling(String name) {
        return random.nextBoolean() ? name : text.escapedName(name);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
