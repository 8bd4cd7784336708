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
        Script told,
        Script skip,
        Script forget) {
    static Scripts bundled() {
        return new Scripts(
                load("initialise.lua"),
                load("marks.lua"),
                load("commit.lua"),
                load("remove.lua"),
                load("report.lua"),
                load("freeze.lua"),
                load("tell.lua"),
                load("told.lua"),
                load("skip.lua"),
                load("forget.lua"));
    }

    Scripts withInitialise(String text) {
        return new Scripts(Script.of(text), marks, commit, remove, report, freeze, tell, told, skip, forget);
    }

    Scripts withMarks(String text) {
        return new Scripts(initialise, Script.of(text), commit, remove, report, freeze, tell, told, skip, forget);
    }

    Scripts withCommit(String text) {
        return new Scripts(initialise, marks, Script.of(text), remove, report, freeze, tell, told, skip, forget);
    }

    Scripts withRemove(String text) {
        return new Scripts(initialise, marks, commit, Script.of(text), report, freeze, tell, told, skip, forget);
    }

    Scripts withReport(String text) {
        return new Scripts(initialise, marks, commit, remove, Script.of(text), freeze, tell, told, skip, forget);
    }

    Scripts withFreeze(String text) {
        return new Scripts(initialise, marks, commit, remove, report, Script.of(text), tell, told, skip, forget);
    }

    Scripts withTell(String text) {
        return new Scripts(initialise, marks, commit, remove, report, freeze, Script.of(text), told, skip, forget);
    }

    Scripts withTold(String text) {
        return new Scripts(initialise, marks, commit, remove, report, freeze, tell, Script.of(text), skip, forget);
    }

    Scripts withSkip(String text) {
        return new Scripts(initialise, marks, commit, remove, report, freeze, tell, told, Script.of(text), forget);
    }

    Scripts withForget(String text) {
        return new Scripts(initialise, marks, commit, remove, report, freeze, tell, told, skip, Script.of(text));
    }

    private static Script load(String name) {
        return Script.load(Scripts.class, name);
    }
}
