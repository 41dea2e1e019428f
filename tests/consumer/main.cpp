// Somebody else's program on the installed engine: mirrors its first argument onto its second.
//
// SPDX-License-Identifier: MIT
#include <syncline/mirror.h>

#include <iostream>
#include <stop_token>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  class Silent final : public syncline::Observer {
    void on_event(const syncline::Event& /*event*/) override {}
  } observer;
  syncline::Options options;
  options.source = argv[1];
  options.destination = argv[2];
  const syncline::Summary summary = syncline::mirror(options, observer, std::stop_token());
  std::cout << "created " << summary.created.entries << '\n';
  return static_cast<int>(summary.status());
}
