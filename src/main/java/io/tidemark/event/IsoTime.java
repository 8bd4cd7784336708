package io.tidemark.event;

/** One reading of an ISO 8601 time in {@link EventTime}'s form. */
final class IsoTime {
    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    private static final int WRONG = -1;
    private static final int MOST_OFFSET_MINUTES = 18 * 60;

    private final byte[] text;
    private final int end;
    private int at;

    IsoTime(byte[] text, int from, int end) {
        this.text = text;
        this.at = from;
        this.end = end;
    }

    /** Microseconds since 1970, or {@link EventTime#NONE}. */
    long micros() {
        int year = digits(4);
        int month = skip('-') ? digits(2) : WRONG;
        int day = skip('-') ? digits(2) : WRONG;
        int hour = skip('T') ? digits(2) : WRONG;
        int minute = skip(':') ? digits(2) : WRONG;
        int second = skip(':') ? digits(2) : 0;
        if (year < 0 || minute < 0 || minute > 59 || second < 0 || second > 59 || hour < 0 || hour > 23) {
            return EventTime.NONE;
        }
        if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) {
            return EventTime.NONE;
        }
        int micros = fraction();
        int offset = offsetMinutes();
        if (micros < 0 || offset < -MOST_OFFSET_MINUTES || at != end) {
            return EventTime.NONE;
        }
        long seconds = (daysSince1970(year, month, day) * 24 + hour) * 3600 + (minute - offset) * 60L + second;
        return seconds * 1_000_000 + micros;
    }

    private boolean skip(char expected) {
        if (at < end && text[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    private int digits(int count) {
        if (at + count > end) {
            return WRONG;
        }
        int number = 0;
        for (int i = at; i < at + count; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return WRONG;
            }
            number = number * 10 + text[i] - '0';
        }
        at += count;
        return number;
    }

    private int fraction() {
        if (!skip('.') && !skip(',')) {
            return 0;
        }
        int micros = 0;
        int count = 0;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            if (count < 6) {
                micros = micros * 10 + text[at] - '0';
            }
            count++;
            at++;
        }
        for (int i = count; i < 6; i++) {
            micros *= 10;
        }
        return count == 0 ? WRONG : micros;
    }

    /** Less than any real offset when there is none. */
    private int offsetMinutes() {
        if (skip('Z')) {
            return 0;
        }
        boolean plus = skip('+');
        if (!plus && !skip('-')) {
            return Integer.MIN_VALUE;
        }
        int hours = digits(2);
        int minutes = 0;
        if (at < end) {
            skip(':');
            minutes = digits(2);
        }
        int total = hours * 60 + minutes;
        if (hours < 0 || minutes < 0 || minutes > 59 || total > MOST_OFFSET_MINUTES) {
            return Integer.MIN_VALUE;
        }
        return plus ? total : -total;
    }

    private static int daysIn(int year, int month) {
        int days = DAYS_BEFORE_MONTH[month] - DAYS_BEFORE_MONTH[month - 1];
        return month == 2 && isLeap(year) ? 29 : days;
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private static long daysSince1970(int year, int month, int day) {
        int before = year - 1;
        long leapDays = Math.floorDiv(before, 4) - Math.floorDiv(before, 100) + Math.floorDiv(before, 400);
        int inYear = DAYS_BEFORE_MONTH[month - 1] + (month > 2 && isLeap(year) ? 1 : 0) + day - 1;
        return year * 365L + leapDays + inYear - 719_527L;
    }
}
