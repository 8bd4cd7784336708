package io.tidemark.oracle;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Writes JSON by hand, in the usual way or in the unusual ones that RFC 8259 allows as well. */
final class JsonText {
    private static final String[] BLANKS = {" ", "  ", "\t", "\r ", " \t ", "\n", "\r\n  ", ""};

    private final SplittableRandom random;

    /** Whether blanks and escapes stand where nobody needs them. */
    private boolean unusual;

    JsonText(SplittableRandom random) {
        this.random = random;
    }

    void unusual(boolean wanted) {
        unusual = wanted;
    }

    boolean isUnusual() {
        return unusual;
    }

    /** A member of an object: its name as it is meant, and the JSON text of its value. */
    record Member(String name, String value) {}

    String object(List<Member> members) {
        StringBuilder json = new StringBuilder("{").append(blank());
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            json.append(i == 0 ? "" : "," + blank()).append(name(member.name));
            json.append(blank())
                    .append(':')
                    .append(blank())
                    .append(member.value)
                    .append(blank());
        }
        return json.append('}').toString();
    }

    /** Between tokens. */
    String blank() {
        return unusual && random.nextInt(3) == 0 ? BLANKS[random.nextInt(BLANKS.length)] : "";
    }

    /** A name that begins with a NUL is already JSON text behind it. */
    private String name(String name) {
        return name.startsWith("\0") ? name.substring(1) : text(name);
    }

    /** A name spelled with an escape in it, so that no two spellings of it have the same bytes. */
    String escapedName(String name) {
        int at = random.nextInt(name.length());
        return "\0\"" + name.substring(0, at) + escape(name.charAt(at)) + name.substring(at + 1) + "\"";
    }

    String text(String value) {
        StringBuilder json = new StringBuilder(value.length() + 16).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20) {
                json.append(control(c));
            } else if (c == '"' || c == '\\') {
                json.append(unusual && random.nextBoolean() ? escape(c) : "\\" + c);
            } else if (unusual && c == '/' && random.nextBoolean()) {
                json.append("\\/");
            } else if (unusual && random.nextInt(6) == 0 && !Character.isSurrogate(c)) {
                json.append(escape(c));
            } else if (unusual && Character.isHighSurrogate(c) && random.nextBoolean()) {
                json.append(escape(c)).append(escape(value.charAt(++i)));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private String control(char c) {
        int known = "\b\f\n\r\t".indexOf(c);
        return known >= 0 && random.nextBoolean() ? "\\" + "bfnrt".charAt(known) : escape(c);
    }

    private String escape(char c) {
        String hex = String.format(Locale.ROOT, "%04x", (int) c);
        return "\\u" + (random.nextBoolean() ? hex : hex.toUpperCase(Locale.ROOT));
    }
}
