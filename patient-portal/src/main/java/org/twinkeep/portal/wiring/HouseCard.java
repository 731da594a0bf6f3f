package org.twinkeep.portal.wiring;

import java.nio.file.Path;

/** What anybody may know of a house without opening it. */
public record HouseCard(int format, String tenant, boolean passphrase, boolean demo) {

    /** @throws HouseRefused when {@code house.json} is damaged or newer than this program */
    public static HouseCard of(DataFolder folder) {
        var file = HouseFile.read(folder);
        return new HouseCard(file.format(), file.tenant(), file.key().equals(HouseFile.PASSPHRASE), file.demo());
    }

    /** Where its key file is when nobody says otherwise. */
    public Path usualKeyFile() {
        return Kek.usualFile(tenant);
    }
}
