package org.twinkeep.portal.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.twin.postgresql.OnPostgres;

@Tag("slow")
class AccountsDatabaseTest extends AccountsContract {

    @RegisterExtension
    static final OnPostgres POSTGRES = new OnPostgres();

    private @Nullable String address;

    @Override
    protected Tables tables() throws Exception {
        if (address == null) {
            address = POSTGRES.empty();
        }
        return Tables.in(POSTGRES.connect(address));
    }

    private Accounts server() throws Exception {
        return new Accounts(tables(), vault, clock, random);
    }

    @Override
    protected String stored() throws Exception {
        return POSTGRES.server().everyByte();
    }

    @Test
    void a_link_that_two_servers_are_asked_to_use_is_used_once() throws Exception {
        var someone = new Person("Dr Rowan Oak", "Harbour Clinic", ZoneOffset.UTC, Locale.ENGLISH);
        var servers = new Accounts[] {server(), server()};
        var link = servers[0].invite(Role.CLINICIAN, someone, null);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < 4; i++) {
                var server = servers[i % 2];
                var name = "oak" + i;
                running.add(threads.submit(() -> {
                    try {
                        server.accept(link.token(), name, someone, "seven slow herons".toCharArray());
                        return true;
                    } catch (AccountRefused e) {
                        return false;
                    }
                }));
            }
            int used = 0;
            for (var each : running) {
                used += each.get() ? 1 : 0;
            }
            assertThat(used).isEqualTo(1);
        }
        assertThat(servers[1].all()).hasSize(1);
    }
}
