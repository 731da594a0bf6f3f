package org.twinkeep.portal.requests;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.twin.postgresql.OnPostgres;

@Tag("slow")
class RequestsDatabaseTest extends RequestsContract {

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

    @Override
    protected String stored() throws Exception {
        return POSTGRES.server().everyByte();
    }
}
