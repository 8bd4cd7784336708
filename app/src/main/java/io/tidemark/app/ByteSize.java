package io.tidemark.app;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes like {@code 500MiB}, {@code 10G} or {@code 1073741824}; units are powers of 1,024. */
final class ByteSize implements ITypeConverter<Long> {
    private static final long LEAST = 64L << 20;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*(|[kmgt])(|i?b)", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Integer> SHIFT = Map.of("", 0, "k", 10, "m", 20, "g", 30, "t", 40);

    @Override
    public Long convert(String text) {
        Matcher size = SIZE.matcher(text.strip());
        if (!size.matches()) {
            throw new TypeConversionException("\"" + text + "\" is no size; examples: 500MiB, 10GiB, 1073741824");
        }
        long number = Long.parseLong(size.group(1));
        int shift = SHIFT.get(size.group(2).toLowerCase(Locale.ROOT));
        if (number > Long.MAX_VALUE >> shift) {
            throw new TypeConversionException("\"" + text + "\" is too large");
        }
        long bytes = number << shift;
        if (bytes < LEAST) {
            throw new TypeConversionException("\"" + text + "\" is too small; the least is 64MiB");
        }
        return bytes;
    }
}
