// Loaded into the test origin, which would listen on every address.
const { Server } = require('node:net')
const listen = Server.prototype.listen
Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'object' ? listen.call(this, port, ...rest) : listen.call(this, Number(port), '127.0.0.1', ...rest)
}
