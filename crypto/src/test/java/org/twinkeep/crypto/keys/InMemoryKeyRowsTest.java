package org.twinkeep.crypto.keys;

class InMemoryKeyRowsTest extends KeyRowsContract {
    @Override
    protected KeyRows create() {
        return new InMemoryKeyRows();
    }

    @Override
    protected KeyRows reopen(KeyRows rows) {
        return rows;
    }
}
