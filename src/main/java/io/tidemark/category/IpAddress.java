package io.tidemark.category;

/**
 * Tells texts that are IP addresses, by their characters alone: no name is ever looked up. IPv4 is four decimal parts
 * from 0 to 255 without leading zeros; IPv6 is RFC 4291, section 2.2, embedded IPv4 included, without zone or prefix.
 */
final class IpAddress {
    private static final int GROUPS = 8;

    private IpAddress() {}

    static boolean isV4(String text) {
        return isV4(text, 0);
    }

    private static boolean isV4(String text, int from) {
        int at = from;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (at >= text.length() || text.charAt(at++) != '.')) {
                return false;
            }
            int first = at;
            int number = 0;
            while (at < text.length() && at - first < 4 && isDigit(text.charAt(at))) {
                number = number * 10 + text.charAt(at++) - '0';
            }
            int length = at - first;
            if (length == 0 || length > 3 || number > 255 || length > 1 && text.charAt(first) == '0') {
                return false;
            }
        }
        return at == text.length();
    }

    static boolean isV6(String text) {
        if (text.length() < 2 || text.length() > 45) {
            return false;
        }
        int groups = 0;
        boolean gap = text.startsWith("::");
        int at = gap ? 2 : 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && end - at < 5 && isHex(text.charAt(end))) {
                end++;
            }
            if (end < text.length() && text.charAt(end) == '.') {
                groups += 2;
                return isV4(text, at) && isComplete(groups, gap);
            }
            if (end == at || end - at > 4) {
                return false;
            }
            groups++;
            at = end;
            if (at == text.length()) {
                break;
            }
            if (text.charAt(at) != ':' || at + 1 == text.length()) {
                return false;
            }
            at++;
            if (text.charAt(at) == ':') {
                if (gap) {
                    return false;
                }
                gap = true;
                at++;
            }
        }
        return isComplete(groups, gap);
    }

    /** The gap stands for at least one group. */
    private static boolean isComplete(int groups, boolean gap) {
        return gap ? groups < GROUPS : groups == GROUPS;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHex(char c) {
        return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }
}
