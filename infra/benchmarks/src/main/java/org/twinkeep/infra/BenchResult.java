package org.twinkeep.infra;

import java.util.List;

/** What a benchmark measured, in the form that {@code bench --json} promises. */
record BenchResult(String bench, Machine machine, List<Figure> results) {

    /** @param goal what it should be, in words; null where there is none */
    record Figure(String name, double value, String unit, String goal, boolean holds) {

        static Figure atMost(String name, double value, double limit) {
            return atMost(name, value, limit, "ratio");
        }

        static Figure atMost(String name, double value, double limit, String unit) {
            return new Figure(name, value, unit, "<= " + limit, value <= limit);
        }

        static Figure atLeast(String name, double value, double limit) {
            return atLeast(name, value, limit, "ratio");
        }

        static Figure atLeast(String name, double value, double limit, String unit) {
            return new Figure(name, value, unit, ">= " + limit, value >= limit);
        }

        static Figure plain(String name, double value, String unit) {
            return new Figure(name, value, unit, "", true);
        }
    }

    record Machine(int processors, long maxHeapMiB, String java, String system) {
        static Machine here() {
            var runtime = Runtime.getRuntime();
            return new Machine(
                    runtime.availableProcessors(),
                    runtime.maxMemory() >> 20,
                    System.getProperty("java.version", ""),
                    System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
        }
    }
}
