package io.tidemark.sim;

import java.util.List;

final class Campaign {
    static String run(long first, int schedules) {
        Figures figures = new Figures();
        long begin = System.nanoTime();
        int failed = 0;
        StringBuilder text = new StringBuilder();
        java.util.Map<String, Integer> kinds = new java.util.TreeMap<>();
        for (long seed = first; seed < first + schedules; seed++) {
            List<Fault> faults = Simulation.faultsOf(seed);
            try {
                Simulation.run(seed, faults, figures, schedules == 1);
            } catch (Mismatch | RuntimeException e) {
                failed++;
                String m = e.toString();
                kinds.merge(
                        m.replaceAll("\\d+", "#")
                                .substring(
                                        0,
                                        Math.min(150, m.replaceAll("\\d+", "#").length())),
                        1,
                        Integer::sum);
                if (failed <= 5) {
                    text.append("seed ")
                            .append(seed)
                            .append(' ')
                            .append(faults)
                            .append('\n')
                            .append(m, 0, Math.min(schedules == 1 ? 100000 : 600, m.length()))
                            .append('\n');
                    if (!(e instanceof RuntimeException)) continue;
                    java.io.StringWriter w = new java.io.StringWriter();
                    e.printStackTrace(new java.io.PrintWriter(w));
                    text.append(w.toString(), 0, Math.min(1500, w.toString().length()));
                }
            }
        }
        return text + "\n" + kinds + "\n" + figures.all() + "\n" + failed + " failed of " + schedules + " in "
                + (System.nanoTime() - begin) / 1_000_000 + " ms";
    }
}
