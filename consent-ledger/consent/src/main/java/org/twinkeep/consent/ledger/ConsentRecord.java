package org.twinkeep.consent.ledger;

import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * What the ledger knows of a consent: nothing about a person ({@code notes}: handle, step, status, commitment, key, policy
 * version, previous hash).
 *
 * @param commitment SHA-256 of salt and canonical FHIR Consent, hexadecimal
 * @param previousHash hash of the record before this step, hexadecimal; 64 zeros for the first
 */
public record ConsentRecord(
        ConsentHandle handle,
        int version,
        int step,
        Consent.Status status,
        String commitment,
        VerifyingKey key,
        String policyVersion,
        @Nullable String previousHash) {}
