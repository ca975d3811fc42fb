// The same presets as OHIF's own packages: used by Jest here and by babel-loader in an OHIF checkout.
module.exports = {
  presets: [
    ['@babel/preset-env', { targets: { node: 'current' } }],
    ['@babel/preset-react', { runtime: 'automatic' }],
    '@babel/preset-typescript',
  ],
};
