// fedmsg-hub-plugin-run: the operator's side of any consumer plugin (plugin_run.hpp).
#include "daemon/plugin_run/arguments.hpp"
#include "daemon/plugin_run/plugin_run.hpp"

int main(int argc, char** argv) {
    using namespace fedmsg;
    const auto line = hub::plugin_run_command_line();
    auto arguments = hub::RunArguments::split({argv, argv + argc}, line);
    std::vector<char*> own;
    for (auto& word : arguments.own) own.push_back(word.data());
    return cli::run(static_cast<int>(own.size()), own.data(), line, [&](cli::Invocation& invocation) {
        hub::PluginRun run(invocation, arguments.plugin, arguments.command);
        return run.run();
    });
}
