// The options of the jobs "acls" and "prefix", declared and read. Lane thread.
#pragma once

#include <fedmsg_hub/plugin.hpp>
#include <string>

#include "genacls/acls_run.hpp"
#include "genacls/job_consumer.hpp"

namespace genacls {

// 5, 2.5, "5 s", "10m", "24h", "1d". Throws a std::runtime_error.
double seconds_of(fedmsg_hub::Value duration);

fedmsg_hub::Description describe_acls();
fedmsg_hub::Description describe_prefix();
void validate_acls(const fedmsg_hub::Options& options, fedmsg_hub::Problems& problems);
void validate_prefix(const fedmsg_hub::Options& options, fedmsg_hub::Problems& problems);

JobOptions acls_job_options(const fedmsg_hub::Options& options);
JobOptions prefix_job_options(const fedmsg_hub::Options& options);
// `directory`: of the consumer. Throws if git_user does not exist, or a file with a password cannot be used.
RunSettings acls_settings(const fedmsg_hub::Options& options, const std::string& directory);
RunSettings prefix_settings(const fedmsg_hub::Options& options, const std::string& directory);

}  // namespace genacls
