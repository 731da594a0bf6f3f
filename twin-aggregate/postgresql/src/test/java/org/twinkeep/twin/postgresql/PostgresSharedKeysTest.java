package org.twinkeep.twin.postgresql;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.twinkeep.crypto.keys.SharedKeysContract;

@Tag("slow")
class PostgresSharedKeysTest extends SharedKeysContract {

    @RegisterExtension
    static final OnPostgres POSTGRES = new OnPostgres();

    private String address;

    @Override
    protected Store create() throws Exception {
        address = POSTGRES.empty();
        return connected();
    }

    @Override
    protected Store another(Store store) {
        return connected();
    }

    private Store connected() {
        var database = POSTGRES.connect(address);
        return new Store(PostgresSlots.in(database), PostgresKeyRows.in(database));
    }
}
