package io.tidemark.app.demo;

/** The wikis of the demo, with their shares of the edits. */
enum DemoWiki {
    ENGLISH("enwiki", "en.wikipedia.org", 300, Script.LATIN, false),
    DATA("wikidatawiki", "www.wikidata.org", 200, Script.LATIN, false),
    COMMONS("commonswiki", "commons.wikimedia.org", 110, Script.LATIN, false),
    GERMAN("dewiki", "de.wikipedia.org", 50, Script.UMLAUTS, false),
    FRENCH("frwiki", "fr.wikipedia.org", 50, Script.UMLAUTS, false),
    RUSSIAN("ruwiki", "ru.wikipedia.org", 30, Script.CYRILLIC, false),
    JAPANESE("jawiki", "ja.wikipedia.org", 30, Script.KANA, false),
    ARABIC("arwiki", "ar.wikipedia.org", 15, Script.ARABIC, false),
    /** The English wiki as a wikimon server tells of it, with its older and newer wording. */
    ENGLISH_WIKIMON("enwiki", "en.wikipedia.org", 150, Script.LATIN, true),
    GERMAN_WIKIMON("dewiki", "de.wikipedia.org", 40, Script.UMLAUTS, true);

    private static final int SHARES = 975;

    private final String id;
    private final String host;
    private final int share;
    private final Script script;
    private final boolean onWikimon;

    DemoWiki(String id, String host, int share, Script script, boolean onWikimon) {
        this.id = id;
        this.host = host;
        this.share = share;
        this.script = script;
        this.onWikimon = onWikimon;
    }

    /** The wiki that has this point of [0, 1). */
    static DemoWiki at(double point) {
        int left = (int) (point * SHARES);
        for (DemoWiki wiki : values()) {
            left -= wiki.share;
            if (left < 0) {
                return wiki;
            }
        }
        return ENGLISH;
    }

    String id() {
        return id;
    }

    String host() {
        return host;
    }

    Script script() {
        return script;
    }

    boolean onWikimon() {
        return onWikimon;
    }

    /** What its invented words are made of. */
    enum Script {
        LATIN("bar,bel,bryn,cal,dor,dun,fen,gal,hol,ist,kel,lor,mar,mor,nor,ost,pel,quil,ros,sel,tor,ulm,ven,wil,yar"),
        UMLAUTS("bär,blé,dör,dül,fén,für,gal,hôl,kel,lör,mür,nôr,öst,pél,rös,sêl,tör,ülm,vèn,wil"),
        CYRILLIC("бар,вел,гор,дол,жар,зел,кар,лун,мор,нар,ост,пел,рос,сол,тор,уль,фен,хол"),
        KANA("あか,いし,うみ,えだ,おか,かわ,きた,くも,さか,しま,そら,たに,つき,とり,なみ,はま,ほし,みや,もり,ゆき"),
        ARABIC("بحر,تل,جبل,دار,رمل,زهر,سهل,شرق,صخر,ظل,عين,غرب,قمر,نهر,واد");

        private final String[] syllables;

        Script(String syllables) {
            this.syllables = syllables.split(",");
        }

        /** An invented word, always the same for the same number. */
        String word(int number) {
            int rest = number;
            StringBuilder word = new StringBuilder();
            do {
                word.append(syllables[Math.floorMod(rest * 7 + word.length(), syllables.length)]);
                rest /= syllables.length;
            } while (rest > 0);
            if (word.length() < 5) {
                word.append(syllables[(number + 3) % syllables.length]);
            }
            word.setCharAt(0, Character.toUpperCase(word.charAt(0)));
            return word.toString();
        }
    }
}
