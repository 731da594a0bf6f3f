package org.twinkeep.twin.postgresql;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.twinkeep.crypto.Secret;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.IdentitiesContract;

@Tag("slow")
class PostgresIdentitiesTest extends IdentitiesContract {

    @RegisterExtension
    static final OnPostgres POSTGRES = new OnPostgres();

    private String address;

    @Override
    protected Identities create() throws Exception {
        address = POSTGRES.empty();
        return reopen();
    }

    @Override
    protected Identities reopen() {
        return PostgresIdentities.in(POSTGRES.connect(address), Secret.copyOf(new byte[32]));
    }
}
