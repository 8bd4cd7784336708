package io.tidemark.commit;

import java.util.SortedMap;

/** Looks at and changes what a store keeps, behind its back. */
interface Backdoor {
    /** Everything that is kept: by key, fields or members and their values as text. */
    SortedMap<String, SortedMap<String, String>> contents();

    void setField(String key, String field, String value);

    void deleteField(String key, String field);

    void setScore(String key, String member, String score);

    void deleteMember(String key, String member);

    void delete(String key);

    /** Something of a type that we use nowhere. */
    void putText(String key, String text);
}
