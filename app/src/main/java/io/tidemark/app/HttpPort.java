package io.tidemark.app;

import io.tidemark.app.service.ServiceOptions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the gateway's port: a number, or {@code none}. */
final class HttpPort implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        if (text.equals("none")) {
            return ServiceOptions.NO_HTTP;
        }
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is neither a port nor none");
        }
    }
}
