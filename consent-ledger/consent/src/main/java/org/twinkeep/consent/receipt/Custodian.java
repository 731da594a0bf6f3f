package org.twinkeep.consent.receipt;

/**
 * Who runs the service, as a receipt names the controller: what the operator states of themselves, in words.
 *
 * @param jurisdiction whose law applies
 * @param storedIn where the data lies
 */
public record Custodian(String name, String address, String contact, String jurisdiction, String storedIn) {}
