package org.twinkeep.consent.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    @Test
    void each_caller_gets_its_own_outcome_and_nothing_is_committed_twice() throws Exception {
        var committed = new ArrayList<Integer>();
        var commits = new GroupCommit<Integer, Integer>(items -> items.stream()
                .map(item -> {
                    committed.add(item);
                    return (Supplier<Integer>) () -> -item;
                })
                .toList());
        try (var threads = Executors.newFixedThreadPool(16)) {
            var work = IntStream.range(0, 2000)
                    .mapToObj(i -> (Callable<Integer>) () -> commits.submit(i))
                    .toList();
            var outcomes = threads.invokeAll(work);
            for (int i = 0; i < outcomes.size(); i++) {
                assertThat(outcomes.get(i).get()).isEqualTo(-i);
            }
        }
        assertThat(committed).hasSize(2000).doesNotHaveDuplicates();
    }

    @Test
    void one_refusal_is_heard_by_its_own_caller_alone() {
        var commits = new GroupCommit<Integer, Integer>(items -> items.stream()
                .map(item -> (Supplier<Integer>) () -> {
                    if (item < 0) {
                        throw new IllegalArgumentException("no");
                    }
                    return item;
                })
                .toList());
        assertThatThrownBy(() -> commits.submit(-1)).hasMessage("no");
        assertThat(commits.submit(1)).isEqualTo(1);
    }

    @Test
    void a_commit_that_failed_fails_its_callers_and_the_next_one_works() {
        var failing = new boolean[] {true};
        var commits = new GroupCommit<Integer, Integer>(items -> {
            if (failing[0]) {
                throw new IllegalStateException("full");
            }
            return List.of(() -> 7);
        });
        assertThatThrownBy(() -> commits.submit(1)).hasMessage("full");
        failing[0] = false;
        assertThat(commits.submit(1)).isEqualTo(7);
    }
}
