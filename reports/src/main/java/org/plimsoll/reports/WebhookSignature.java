package org.plimsoll.reports;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.plimsoll.core.Problem;

/**
 * By which a receiver knows that a webhook is ours and nobody changed it; the way of Standard Webhooks [1], whose libraries verify
 * it: {@code v1,base64(HMAC-SHA256(key, id + "." + timestamp + "." + body))}. The key is the secret's UTF-8 bytes, or, where it
 * begins with {@code whsec_}, what the base64 after it says.
 *
 * <p>[1] https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
public final class WebhookSignature {

    private static final String ENCODED = "whsec_";

    private WebhookSignature() {}

    /** The value of {@code webhook-signature}. */
    public static String of(String secret, String id, String timestamp, byte[] body) {
        byte[] key = secret.startsWith(ENCODED)
                ? decoded(secret.substring(ENCODED.length()))
                : secret.getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK knows HmacSHA256", e);
        }
    }

    /** Whether this is the signature, compared in constant time. */
    public static boolean verifies(String signature, String secret, String id, String timestamp, byte[] body) {
        return MessageDigest.isEqual(
                signature.getBytes(StandardCharsets.UTF_8),
                of(secret, id, timestamp, body).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("secret", "whsec_ and something else", "base64 after whsec_");
        }
    }
}
