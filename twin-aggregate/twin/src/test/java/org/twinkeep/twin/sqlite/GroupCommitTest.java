package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {

    private record Committed(Thread by, int size) {}

    private final ConcurrentLinkedQueue<Committed> commits = new ConcurrentLinkedQueue<>();

    @Test
    void a_caller_alone_commits_by_itself() {
        try (var group = new GroupCommit<Integer>("relief", 10, this::accept)) {
            group.commit(1);
            group.commit(2);
        }
        assertThat(commits)
                .containsExactly(new Committed(Thread.currentThread(), 1), new Committed(Thread.currentThread(), 1));
    }

    @Test
    void who_comes_while_somebody_commits_shares_the_next_commit_of_another_thread() throws Exception {
        var first = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var group = new GroupCommit<Integer>("relief", 100, tickets -> {
            first.countDown();
            await(go);
            accept(tickets);
        })) {
            var leader = Thread.ofVirtual().start(() -> group.commit(0));
            first.await();
            var others = IntStream.rangeClosed(1, 20)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> group.commit(i)))
                    .toList();
            while (!others.stream().allMatch(other -> other.getState() == Thread.State.WAITING)) {
                Thread.yield();
            }
            go.countDown();
            leader.join();
            for (var other : others) {
                other.join();
            }
        }
        assertThat(commits).extracting(Committed::size).containsExactly(1, 20);
        assertThat(commits).last().extracting(commit -> commit.by().getName()).isEqualTo("relief");
    }

    @Test
    void nobody_waits_for_ever_and_each_hears_how_its_own_work_ended() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var group = new GroupCommit<Integer>("relief", 7, tickets -> {
                    for (var ticket : tickets) {
                        if (ticket.work() % 3 == 0) {
                            ticket.refuse(new IllegalArgumentException("refused"));
                        } else {
                            ticket.accept();
                        }
                    }
                })) {
            var work = new ArrayList<Future<?>>();
            for (int i = 0; i < 5_000; i++) {
                int number = i;
                work.add(threads.submit(() -> group.commit(number)));
            }
            for (int i = 0; i < work.size(); i++) {
                var done = work.get(i);
                if (i % 3 == 0) {
                    assertThatThrownBy(done::get).hasRootCauseMessage("refused");
                } else {
                    done.get();
                }
            }
        }
    }

    private void accept(List<GroupCommit.Ticket<Integer>> tickets) {
        commits.add(new Committed(Thread.currentThread(), tickets.size()));
        tickets.forEach(GroupCommit.Ticket::accept);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
