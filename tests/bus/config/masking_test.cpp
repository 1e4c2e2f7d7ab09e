#include "bus/config/masking.hpp"

#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

TEST(AMask, HidesPasswordsInUrls) {
    EXPECT_EQ(mask_passwords("amqps://u:s3cret@host/%2F"), "amqps://u:********@host/%2F");
    EXPECT_EQ(mask_passwords("a amqp://u:p:q@r@h:5672/x, https://h/ b"), "a amqp://u:********@h:5672/x, https://h/ b");
    EXPECT_EQ(mask_passwords("x://:p@h,y://a:b@h2"), "x://:********@h,y://a:********@h2");
    EXPECT_EQ(mask_passwords("postgresql://app:p%40ss/w@db/x"), "postgresql://app:********@db/x");
}

TEST(AMask, LeavesOtherUrlsAlone) {
    for (const char* text : {"tcp://127.0.0.1:4001", "https://host:80/a@b", "mailto:a@b", "ext://sys.stdout", "://", "",
                             "amqp://user@host", "tcp://[::1]:1,tcp://*:2"})
        EXPECT_EQ(mask_passwords(text), text);
}

TEST(AMask, HidesPasswordsInConnectionStrings) {
    EXPECT_EQ(mask_passwords("dbname=x Password=s3cret user=y"), "dbname=x Password=******** user=y");
    EXPECT_EQ(mask_passwords("https://h/x?token=abc&n=1"), "https://h/x?token=********&n=1");
}

TEST(AMask, KnowsSecretsByTheirNames) {
    for (const char* key :
         {"password", "smtp.password", "db_passwd", "auth-token", "API_KEY", "irc.SECRET", "stomp_pass"})
        EXPECT_TRUE(sounds_secret(key)) << key;
    for (const char* key :
         {"gpg_signing_key", "tokens_seen", "passive", "key", "compass", "secretary", "password_file"})
        EXPECT_FALSE(sounds_secret(key)) << key;
}

class AMaskedConfiguration : public Machine {};

TEST_F(AMaskedConfiguration, HidesSecretsAtAnyDepth) {
    KeySpec pin;
    pin.name = "vault.pin";
    pin.secret = true;
    schema.add(pin);
    const auto configuration = load_text(with_endpoints(
        "vault.pin: 1234\nstomp_pass: guest\nmail: {host: h, password: p, tls: [{key_password: q, port: 1}]}\n"
        "broker: 'amqps://u:s3cret@host'\nmany: ['amqp://u:s3cret@h2', 5]\nnothing: {password: null}\nempty_token: "
        "''\n"));
    const json::Document copy = masked(configuration, schema);
    const auto shown = [&](const char* key) { return json::canonical(*json::find(copy, key)); };
    EXPECT_EQ(shown("vault.pin"), R"("********")");
    EXPECT_EQ(shown("stomp_pass"), R"("********")");
    EXPECT_EQ(shown("mail"), R"({"host":"h","password":"********","tls":[{"key_password":"********","port":1}]})");
    EXPECT_EQ(shown("broker"), R"("amqps://u:********@host")");
    EXPECT_EQ(shown("many"), R"(["amqp://u:********@h2",5])");
    EXPECT_EQ(shown("nothing"), R"({"password":null})");
    EXPECT_EQ(json_of(configuration, "broker"), R"("amqps://u:s3cret@host")") << "the configuration itself is whole";
}

TEST_F(AMaskedConfiguration, IsOtherwiseTheSame) {
    const auto configuration = load_text("endpoints: {a: 'tcp://h:1'}\nbig: 123456789012345678901234567890\nf: 1.0\n");
    EXPECT_EQ(json::canonical(masked(configuration, schema)), json::canonical(configuration.root()));
}

}  // namespace
}  // namespace fedmsg::config
