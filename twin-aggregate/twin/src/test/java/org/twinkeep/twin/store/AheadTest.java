package org.twinkeep.twin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AheadTest {

    @Test
    void work_is_done_while_the_caller_does_its_own() {
        var met = new CountDownLatch(1);
        try (var ahead = new Ahead<>(_ -> {
            met.await();
            return 7;
        })) {
            met.countDown();
            assertThat(ahead.get()).isEqualTo(7);
        }
    }

    @Test
    void the_work_knows_when_the_caller_waits_for_it() {
        try (var ahead = new Ahead<>(awaited -> {
            while (!awaited.getAsBoolean()) {
                Thread.onSpinWait();
            }
            return 7;
        })) {
            assertThat(ahead.get()).isEqualTo(7);
        }
    }

    @Test
    void who_closes_it_waits_for_no_more_than_what_is_needed() {
        var ended = new AtomicBoolean();
        new Ahead<>(awaited -> {
                    while (!awaited.getAsBoolean()) {
                        Thread.onSpinWait();
                    }
                    return ended.getAndSet(true);
                })
                .close();
        assertThat(ended).isTrue();
    }

    @Test
    void what_the_work_threw_is_thrown_where_it_is_asked_for() {
        var why = new IllegalStateException("it could not be read");
        try (var ahead = new Ahead<>(_ -> {
            throw why;
        })) {
            assertThatThrownBy(ahead::get).isSameAs(why);
        }
    }

    @Test
    void nothing_of_it_goes_on_once_it_is_closed() {
        var ended = new AtomicBoolean();
        var go = new CountDownLatch(1);
        var ahead = new Ahead<>(_ -> {
            go.await();
            ended.set(true);
            return 0;
        });
        Thread.startVirtualThread(go::countDown);
        ahead.close();
        assertThat(ended).isTrue();
    }

    @Test
    void who_is_interrupted_stays_so_and_the_work_is_waited_for() {
        var go = new CountDownLatch(1);
        var ended = new AtomicBoolean();
        try (var ahead = new Ahead<>(_ -> {
            go.await();
            ended.set(true);
            return 0;
        })) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(ahead::get).hasMessage("Reading was interrupted.");
            go.countDown();
        }
        assertThat(ended).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }
}
