package io.tidemark.tally;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of records: {@code records = counted + rejected + filtered}, in every tally and every cut.
 *
 * @param records all that were read
 * @param counted in exactly one category of each dimension
 * @param rejected as invalid, by reason
 * @param filtered by the configuration's {@code where}
 * @param late of the counted ones, those in no bucket
 */
public record Accounts(long records, long counted, long rejected, long filtered, long late) {
    public static final Accounts NONE = new Accounts(0, 0, 0, 0, 0);

    public Accounts {
        if (records != counted + rejected + filtered || late > counted) {
            throw new IllegalArgumentException("accounts do not agree: records " + records + ", counted " + counted
                    + ", rejected " + rejected + ", filtered " + filtered + ", late " + late);
        }
    }

    public Accounts plus(Accounts other) {
        return new Accounts(
                records + other.records,
                counted + other.counted,
                rejected + other.rejected,
                filtered + other.filtered,
                late + other.late);
    }

    /** The numbers by the names that they have in keys and answers, in the order in which they are shown. */
    public Map<String, Long> byName() {
        Map<String, Long> fields = new LinkedHashMap<>();
        fields.put("records", records);
        fields.put("counted", counted);
        fields.put("rejected", rejected);
        fields.put("filtered", filtered);
        fields.put("late", late);
        return fields;
    }
}
