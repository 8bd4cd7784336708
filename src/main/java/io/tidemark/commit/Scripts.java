package io.tidemark.commit;

/** The scripts of the store. Tests pass changed ones to see that a missing guard is noticed. */
record Scripts(
        Script initialise,
        Script marks,
        Script commit,
        Script remove,
        Script report,
        Script freeze,
        Script tell,
        Script told) {
    static Scripts bundled() {
        return new Scripts(
                load("initialise.lua"),
                load("marks.lua"),
                load("commit.lua"),
                load("remove.lua"),
                load("report.lua"),
                load("freeze.lua"),
                load("tell.lua"),
                load("told.lua"));
    }

    Scripts withCommit(String text) {
        return new Scripts(initialise, marks, Script.of(text), remove, report, freeze, tell, told);
    }

    Scripts withInitialise(String text) {
        return new Scripts(Script.of(text), marks, commit, remove, report, freeze, tell, told);
    }

    Scripts withRemove(String text) {
        return new Scripts(initialise, marks, commit, Script.of(text), report, freeze, tell, told);
    }

    private static Script load(String name) {
        return Script.load(Scripts.class, name);
    }
}
